package dev.narrows.experiments.targets;

import static dev.narrows.report.PlainText.text;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.targets.Target;
import dev.narrows.report.AnalysisResult;
import dev.narrows.report.LayerAnalysis;
import dev.narrows.report.LayerOverflows;
import dev.narrows.report.LayerOverflows.WidthCount;
import dev.narrows.report.Table;
import dev.narrows.report.TargetResult.LayerPairs;
import dev.narrows.report.TargetResult.SumsSeen;
import dev.narrows.report.TargetResult.TargetLayer;
import dev.narrows.report.TargetVerdict;
import dev.narrows.report.UncoveredLayer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A verdict in a sentence, and what can be done about it. */
record VerdictWords(
    Target target,
    TargetVerdict verdict,
    List<TargetLayer> layers,
    List<UncoveredLayer> leftOut,
    Optional<Integer> images) {
  /** Layers named in a sentence. */
  private static final int MOST_NAMES = 5;

  String sentence() {
    return switch (verdict) {
          case SAFE -> "safe for every input: %s%s".formatted(fitting(), widest());
          case SAFE_ON_DATA ->
              "safe on these data (%s), not proved: no sum of theirs overflows%s"
                  .formatted(counted(), unproved().isEmpty() ? "" : ", but " + reach());
          case UNSAFE -> "unsafe: " + (images.isPresent() ? overflowing() : reach());
        }
        + exceptions();
  }

  private String fitting() {
    return "no sum of %s can overflow".formatted(count(layers.size(), "layer"));
  }

  private String widest() {
    return layers.stream()
        .filter(layer -> layer.widest().isPresent())
        .max(Comparator.comparingInt(VerdictWords::missing))
        .map(layer ->
            "; the tightest, %s, needs %d of %d bits"
                .formatted(layer.name(), layer.widest().orElseThrow().bits(), layer.bits()))
        .orElse("");
  }

  /** Bits that a layer's register has too few; negative where it has some to spare. */
  private static int missing(TargetLayer layer) {
    return layer.widest().map(w -> w.bits() - layer.bits()).orElse(Integer.MIN_VALUE);
  }

  private String counted() {
    return count(images.orElse(0), "image");
  }

  private static String count(long number, String what) {
    return text("%,d %s%s", number, what, number == 1 ? "" : "s");
  }

  private List<TargetLayer> unproved() {
    return layers.stream().filter(layer -> !layer.proved()).toList();
  }

  /** What inputs could do, seen or not. */
  private String reach() {
    List<TargetLayer> wide = unproved();
    if (wide.stream().allMatch(layer -> layer.widest().isEmpty())) {
      return "nothing is proved of floating-point registers";
    }
    boolean certain = wide.stream().anyMatch(VerdictWords::certain);
    return "%s %s; worst: %s"
        .formatted(
            certain ? "some inputs overflow" : "bounds leave open whether some inputs overflow",
            of(wide.size()),
            worst(wide));
  }

  private static boolean certain(TargetLayer layer) {
    return layer.pairs().map(pairs -> pairs.unsafe() > 0).orElse(false)
        || layer.widest().map(widest -> widest.overflows()).orElse(false);
  }

  private String of(int some) {
    int all = layers.size();
    return some < all
        ? some + " of " + count(all, "layer")
        : switch (all) {
          case 1 -> "1 layer";
          case 2 -> "both layers";
          default -> "all " + count(all, "layer");
        };
  }

  private static String worst(List<TargetLayer> wide) {
    Optional<TargetLayer> sums =
        wide.stream()
            .filter(layer -> missing(layer) > 0)
            .max(Comparator.comparingInt(VerdictWords::missing));
    if (sums.isPresent()) {
      return sums.flatMap(layer ->
              layer
                  .widest()
                  .map(w ->
                      text(
                          "%s, channel %d, whose sums reach %,d … %,d (%d bits)",
                          layer.name(), w.channel(), w.lo(), w.hi(), w.bits())))
          .orElse("");
    }
    return wide.stream()
        .filter(layer -> layer.pairs().isPresent())
        .max(Comparator.comparingLong(layer -> layer.pairs().orElseThrow().unsafe()))
        .map(VerdictWords::pairs)
        .orElse("");
  }

  private static String pairs(TargetLayer layer) {
    LayerPairs pairs = layer.pairs().orElseThrow();
    return "%s, where %s leave 16 bits%s"
        .formatted(
            layer.name(),
            count(pairs.unsafe(), "pair"),
            pairs
                .worst()
                .map(pair ->
                    text(
                        ", as weights %s of channel %d (%,d … %,d)",
                        pair.weights().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(" and ")),
                        pair.channel(),
                        pair.lo(),
                        pair.hi()))
                .orElse(""));
  }

  /** What the data did. */
  private String overflowing() {
    List<TargetLayer> hit =
        layers.stream()
            .filter(layer -> layer.seen().map(s -> s.overflowing() > 0).orElse(false))
            .toList();
    long sums = hit.stream().mapToLong(layer -> layer.seen().orElseThrow().overflowing()).sum();
    Optional<TargetLayer> worst =
        hit.stream().max(Comparator.comparingDouble(layer -> share(layer.seen().orElseThrow())));
    return "%s of these %s overflow, in %s%s"
        .formatted(
            count(sums, "sum"),
            counted(),
            of(hit.size()),
            worst
                .map(layer ->
                    "; worst: %s, %s %% of its sums%s"
                        .formatted(
                            layer.name(),
                            Table.percent(share(layer.seen().orElseThrow())),
                            layer
                                .widest()
                                .filter(w -> w.bits() > layer.bits())
                                .map(w ->
                                    ", channel %d can need %d bits"
                                        .formatted(w.channel(), w.bits()))
                                .orElse("")))
                .orElse(""));
  }

  private static double share(SumsSeen seen) {
    return seen.sums() == 0 ? 0 : 100.0 * seen.overflowing() / seen.sums();
  }

  /** What the sentence does not speak of. */
  private String exceptions() {
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    for (UncoveredLayer layer : leftOut) {
      byReason.computeIfAbsent(layer.reason(), _ -> new ArrayList<>()).add(layer.name());
    }
    return byReason.isEmpty()
        ? ""
        : byReason.entrySet().stream()
            .limit(MOST_NAMES)
            .map(reason -> names(reason.getValue()) + ": " + reason.getKey())
            .collect(Collectors.joining("; ", " (left out: ", ")"));
  }

  private static String names(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
        + (names.size() > MOST_NAMES ? " and %d more".formatted(names.size() - MOST_NAMES) : "");
  }

  List<String> advice(AnalysisResult analysis) {
    List<TargetLayer> unproved = unproved();
    List<TargetLayer> wide = unproved.stream().filter(layer -> missing(layer) > 0).toList();
    List<String> advice = new ArrayList<>();
    if (!wide.isEmpty()) {
      advice.add(wider(wide));
      order(wide, analysis).ifPresent(advice::add);
      int bits = wide.stream().mapToInt(TargetLayer::bits).min().orElse(2);
      if (bits >= 4 && bits <= 32) {
        advice.add(
            "Repair it: repair --bits %d --data SET writes a network that is proved there, without training; it says what that costs."
                .formatted(bits));
        advice.add(
            "Train for it: a recipe with quantization.constraint {method: sign-sum, bits: %d} ends in a network that is proved there; fewer activation bits help most."
                .formatted(bits));
      }
    }
    if (unproved.stream().anyMatch(layer -> layer.pairs().map(p -> p.unsafe() > 0).orElse(false))) {
      advice.add(
          "Make pairs safe: repair --pairs changes only weights of unsafe pairs; weights of 7 bits (-64 to 64) leave none either and cost more.");
    }
    boolean pairsAlone = wide.isEmpty() && !target.pairs().isEmpty(); // no accumulator's text
    if (verdict != TargetVerdict.SAFE && !(pairsAlone && images.isPresent())) {
      advice.add(
          images.isPresent()
              ? "See what it costs: evaluate with --accumulator and the same --data gives the accuracy in these registers."
              : "See what your data do: --data SET, a folder of images or an .npz; labels are not needed.");
    }
    return advice;
  }

  private static String wider(List<TargetLayer> wide) {
    int bits = wide.stream().mapToInt(layer -> layer.widest().orElseThrow().bits()).max().orElse(2);
    String each =
        wide.stream()
            .sorted(Comparator.comparingInt(VerdictWords::missing).reversed())
            .limit(MOST_NAMES)
            .map(layer -> layer.name() + " " + layer.widest().orElseThrow().bits())
            .collect(Collectors.joining(", "));
    return "Wider registers: %d bits are proved for every layer; layer by layer (a YAML file for --target) these need more: %s%s."
        .formatted(
            bits,
            each,
            wide.size() > MOST_NAMES ? " and %d more".formatted(wide.size() - MOST_NAMES) : "");
  }

  /** Whether another order would help, which only data can say. */
  private Optional<String> order(List<TargetLayer> wide, AnalysisResult analysis) {
    int bits = wide.getFirst().bits();
    Summation plain = new Summation(new Saturating(bits), new SummationOrder.Sequential());
    if (images.isEmpty() || !target.registers().equals(LayerRegisters.of(plain))) {
      return Optional.empty();
    }
    long onTheWay = 0;
    long atEnd = 0;
    int terms = 1;
    for (LayerAnalysis layer : analysis.layers()) {
      if (wide.stream().noneMatch(one -> one.name().equals(layer.name()))) {
        continue;
      }
      terms = Math.max(terms, layer.termBits());
      for (WidthCount width : layer.profile().map(LayerOverflows::widths).orElse(List.of())) {
        if (width.bits() == bits) {
          onTheWay += width.transientDots();
          atEnd += width.persistent();
        }
      }
    }
    if (onTheWay + atEnd == 0) {
      return Optional.empty();
    }
    String share = text("%.1f %%", 100.0 * onTheWay / (onTheWay + atEnd));
    return Optional.of(
        "Another order: of the sums that overflow, %s fit at their end and overflow on the way only%s; the others no order can save."
            .formatted(
                share,
                terms <= bits
                    ? ", so int%d:saturate:sorted, or a register that wraps around, ends exact on them"
                        .formatted(bits)
                    : ", so a register that wraps around ends exact on them"));
  }
}
