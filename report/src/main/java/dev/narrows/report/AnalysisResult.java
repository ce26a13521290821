package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code narrows/analysis/1}: what each layer's sums need, by bounds and, with data, as observed.
 *
 * @param network the file that was looked at
 * @param dataset the data that were looked at; absent if only bounds were asked for
 * @param images how many images of the data; absent likewise
 * @param accuracy in exact registers, in percent; absent without labels
 * @param interval of the accuracy
 * @param layers layers that sum integers, in the order of the network
 * @param floatLayers layers that sum real numbers, if the network has any
 * @param platforms what processors' narrow registers do; absent in results of older versions
 * @param worstChannels with data, one for each width that was asked for
 * @param sensitivity accuracy with single layers narrowed, if asked for
 * @param trainedBits the width that the network was trained to be safe in, if it was
 * @param exactLayers layers that keep exact registers of their own, to which {@code trainedBits}
 *     does not apply; absent if there are none
 * @param target whether the network is safe in the registers that were asked about
 * @param hosted what of the network a runtime of others computes; absent if nothing
 * @param statedRegisters registers that the file states; absent if it states none
 * @param steps every step of the network, in the order of execution; absent in results of older
 *     versions
 */
public record AnalysisResult(
    NetworkFile network,
    Optional<String> dataset,
    Optional<Integer> images,
    Optional<Double> accuracy,
    Optional<Interval> interval,
    List<LayerAnalysis> layers,
    Optional<List<FloatSumLayer>> floatLayers,
    Optional<PlatformResult> platforms,
    Optional<List<WorstChannels>> worstChannels,
    Optional<SensitivityResult> sensitivity,
    Optional<Integer> trainedBits,
    Optional<List<String>> exactLayers,
    Optional<TargetResult> target,
    Optional<HostedPart> hosted,
    Optional<List<StatedRegister>> statedRegisters,
    Optional<List<NetworkStep>> steps)
    implements Result {
  /** Copies the lists. */
  public AnalysisResult {
    layers = List.copyOf(layers);
    exactLayers = exactLayers.map(List::copyOf);
    floatLayers = floatLayers.map(List::copyOf);
    worstChannels = worstChannels.map(List::copyOf);
    statedRegisters = statedRegisters.map(List::copyOf);
    steps = steps.map(List::copyOf);
  }

  /** The same parts, to name others. */
  public AnalysisBuilder builder() {
    return new AnalysisBuilder(this);
  }

  @Override
  public ResultKind resultKind() {
    return ResultKind.ANALYSIS;
  }

  @Override
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>(summaries());
    for (LayerAnalysis layer : layers) {
      layer.profile().ifPresent(profile -> tables.add(profile.table(layer.name())));
    }
    return tables;
  }

  @Override
  public List<Table> brief() {
    return new AnalysisBrief(this).tables();
  }

  /**
   * The tables of the whole network, a target's verdict first, then bounds: all but the profile of
   * each layer.
   */
  public List<Table> summaries() {
    List<Table> tables = new ArrayList<>();
    target.ifPresent(verdict -> tables.addAll(verdict.tables()));
    RuntimeWidths.table(layers).ifPresent(tables::add);
    if (!layers.isEmpty() || floatLayers.isEmpty()) {
      tables.add(bounds());
    }
    statedRegisters.ifPresent(stated -> tables.add(StatedRegister.table(stated)));
    floatLayers.ifPresent(floats -> tables.add(floats(floats)));
    hosted.ifPresent(part -> tables.addAll(part.tables()));
    dataset.ifPresent(set -> tables.add(seen(set)));
    worstChannels.ifPresent(all -> all.forEach(worst -> tables.add(worst.table())));
    platforms.ifPresent(narrow -> tables.addAll(narrow.tables()));
    sensitivity.ifPresent(narrowed -> tables.addAll(narrowed.tables()));
    return tables;
  }

  Table seen(String set) {
    Table table =
        new Table("Seen in exact registers", List.of("dataset", "images", "accuracy %", "95 %"));
    table.row(
        set,
        images.orElse(0),
        accuracy.map(Table::percent).orElse(""),
        interval.map(Interval::text).orElse(""));
    return table.withoutEmpty("accuracy %").withoutEmpty("95 %"); // no labels
  }

  static Table floats(List<FloatSumLayer> layers) {
    Table table =
        new Table(
            "Layers of real numbers: no bound on integer widths is defined for them",
            List.of("layer", "kind", "K", "channels", "register", "error factor"));
    for (FloatSumLayer layer : layers) {
      table.row(
          layer.name(),
          layer.kind(),
          layer.terms(),
          layer.channels(),
          layer.accumulator(),
          layer.errorFactor().map(PlainText::figure).orElse(""));
    }
    return table.withoutEmpty("error factor");
  }

  String trained() {
    return trainedBits
        .map(bits ->
            "; trained to be safe in %d bits%s"
                .formatted(
                    bits,
                    exactLayers
                        .map(
                            names -> ", but for " + String.join(" ", names) + " in exact registers")
                        .orElse("")))
        .orElse("");
  }

  Table bounds() {
    Table table =
        new Table(
            "Widths that are always enough, in bits" + trained(),
            List.of(
                "layer",
                "kind",
                "K",
                "channels",
                "W",
                "inputs",
                "data type",
                "l1",
                "zero-centred",
                "sign-sum",
                "term",
                "register",
                "runtime's"));
    for (LayerAnalysis layer : layers) {
      LayerWidths bounds = layer.bounds();
      table.row(
          layer.name(),
          layer.kind(),
          layer.terms(),
          layer.channels(),
          layer.weightBits(),
          layer.inputRange().getFirst() + ".." + layer.inputRange().getLast(),
          bounds.dataType(),
          bounds.l1(),
          bounds.zeroCentred().<Object>map(bits -> bits).orElse(""),
          bounds.signSum(),
          layer.termBits(),
          layer.accumulator(),
          layer.runtimeRegister().orElse("")
              + layer.optimizedRegister().map(other -> ", optimised " + other).orElse(""));
    }
    return table;
  }
}
