package dev.narrows.report;

import dev.narrows.report.LayerOverflows.WidthCount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * An analysis on one screen: the answer in a sentence, then one line for each layer. What
 * processors' instructions do, and the profile of each layer, are left to {@link
 * AnalysisResult#tables}.
 */
final class AnalysisBrief {
  /** The register that processors have, where no other width was asked about. */
  private static final int COMMON_WIDTH = 16;

  private final AnalysisResult result;

  AnalysisBrief(AnalysisResult result) {
    this.result = result;
  }

  List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    result.target().ifPresent(verdict -> tables.addAll(verdict.tables()));
    RuntimeWidths.table(result.layers()).ifPresent(tables::add);
    if (profiled()) {
      if (result.target().isEmpty()) {
        tables.add(needs());
      }
    } else if (!result.layers().isEmpty()) {
      tables.add(
          result.target().isEmpty() ? result.bounds().led(List.of(proved())) : result.bounds());
    }
    Stream.of(
            result.statedRegisters().map(StatedRegister::table).stream(),
            result.floatLayers().map(AnalysisResult::floats).stream(),
            result.hosted().stream().flatMap(part -> part.tables().stream()),
            result.dataset().map(result::seen).stream(),
            widths().equals(List.of(COMMON_WIDTH))
                ? Stream.<Table>of()
                : result.worstChannels().stream().flatMap(List::stream).map(WorstChannels::table),
            result.sensitivity().stream().flatMap(narrowed -> narrowed.tables().stream()))
        .flatMap(some -> some)
        .forEach(tables::add);
    return tables;
  }

  private boolean profiled() {
    return result.layers().stream().anyMatch(layer -> layer.profile().isPresent());
  }

  private List<Integer> widths() {
    List<Integer> asked =
        result.worstChannels().orElse(List.of()).stream().map(WorstChannels::bits).toList();
    return asked.isEmpty() ? List.of(COMMON_WIDTH) : asked;
  }

  /** What is proved of all inputs, in a sentence. */
  private String proved() {
    LayerAnalysis widest =
        result.layers().stream()
            .max(Comparator.comparingInt(layer -> layer.bounds().signSum()))
            .orElseThrow();
    long narrow =
        result.layers().stream().filter(l -> l.bounds().signSum() <= COMMON_WIDTH).count();
    return PlainText.text(
        "No input overflows %d bits, in any order; %s needs them. In %d bits %d of %d layers are"
            + " safe.",
        proven(), widest.name(), COMMON_WIDTH, narrow, result.layers().size());
  }

  /** What the data need, in a sentence. */
  private String needed(Table table) {
    int seen = widest(LayerOverflows::widestSum);
    int ends = widest(AnalysisBrief::widestEnd);
    int bits = widths().getFirst();
    long overflowing =
        result.layers().stream()
            .filter(layer ->
                layer
                    .profile()
                    .map(all -> share(all, bits, false) + share(all, bits, true) > 0)
                    .orElse(false))
            .count();
    return PlainText.text(
        "These %,d images need %d bits in %s order%s; %s. In %d bits sums overflow in %d of %d"
            + " layers.",
        result.images().orElse(0),
        seen,
        result.layers().stream()
            .flatMap(layer -> layer.profile().stream())
            .map(LayerOverflows::order)
            .findFirst()
            .orElse("sequential"),
        ends < seen ? ", %d if the order did not matter".formatted(ends) : "",
        "no input at all overflows %d".formatted(proven()),
        bits,
        overflowing,
        table.rows().size());
  }

  private int proven() {
    return result.layers().stream().mapToInt(layer -> layer.bounds().signSum()).max().orElse(0);
  }

  private int widest(ToIntFunction<LayerOverflows> width) {
    return result.layers().stream()
        .flatMap(layer -> layer.profile().stream())
        .mapToInt(width)
        .max()
        .orElse(0);
  }

  /** The least width at which no final sum is too wide. */
  private static int widestEnd(LayerOverflows profile) {
    return profile.widths().stream()
        .filter(width -> width.persistent() == 0)
        .mapToInt(WidthCount::bits)
        .min()
        .orElseGet(profile::widestSum);
  }

  /** One line for each layer: what is proved, what the data need, what overflows. */
  private Table needs() {
    List<String> columns =
        new ArrayList<>(
            List.of("layer", "kind", "K", "channels", "always enough", "seen", "any order"));
    for (int bits : widths()) {
      columns.add("transient % in " + bits);
      columns.add("persistent % in " + bits);
    }
    Table table =
        new Table("Widths that each layer's sums need, in bits" + result.trained(), columns);
    for (LayerAnalysis layer : result.layers()) {
      Optional<LayerOverflows> profile = layer.profile();
      List<Object> row = new ArrayList<>();
      row.addAll(
          List.of(
              layer.name(),
              layer.kind(),
              layer.terms(),
              layer.channels(),
              layer.bounds().signSum(),
              profile.map(all -> String.valueOf(all.widestSum())).orElse(""),
              profile.map(all -> String.valueOf(widestEnd(all))).orElse("")));
      for (int bits : widths()) {
        row.add(profile.map(all -> Table.percent(share(all, bits, true))).orElse(""));
        row.add(profile.map(all -> Table.percent(share(all, bits, false))).orElse(""));
      }
      table.row(row.toArray());
    }
    return table.led(List.of(needed(table)));
  }

  /** Of a layer's dot products in percent. */
  private static double share(LayerOverflows profile, int bits, boolean transients) {
    long counted =
        profile.widths().stream()
            .filter(width -> width.bits() == bits)
            .mapToLong(width -> transients ? width.transientDots() : width.persistent())
            .sum();
    return profile.dots() == 0 ? 0 : 100.0 * counted / profile.dots();
  }
}
