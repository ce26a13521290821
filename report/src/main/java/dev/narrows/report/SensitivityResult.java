package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Accuracy with one layer narrowed at a time, every other in exact registers, and with all of them
 * narrowed.
 *
 * @param exactAccuracy in percent
 * @param interval of the exact accuracy
 * @param allowedLoss how far below the exact accuracy a register may fall to be enough, in points
 * @param skipped layers left exact: pinned to registers of their own, and pooling
 * @param layers in the order of the network, then all together as {@code all layers}
 */
public record SensitivityResult(
    double exactAccuracy,
    Interval interval,
    double allowedLoss,
    List<String> skipped,
    List<NarrowedLayer> layers) {
  /** What stands for all layers together. */
  public static final String ALL = "all layers";

  /** Copies the lists. */
  public SensitivityResult {
    skipped = List.copyOf(skipped);
    layers = List.copyOf(layers);
  }

  /**
   * One layer in several registers.
   *
   * @param name of the layer, or {@code all layers}
   * @param safe the width that no input can overflow, whatever the order
   * @param seen the width that no dot product of these images exceeded, in the order looked at
   * @param enough the narrowest register tried that loses no more than allowed, nor does any wider
   *     one tried; absent where none is, and where not one policy and order was tried
   * @param registers those that it was run in, widest first
   */
  public record NarrowedLayer(
      String name, int safe, int seen, Optional<Integer> enough, List<NarrowRegister> registers) {
    /** Copies the list. */
    public NarrowedLayer {
      registers = List.copyOf(registers);
    }
  }

  /**
   * A register that the layer was run in.
   *
   * @param accumulator in text form
   * @param bits its width
   * @param accuracy in percent
   * @param interval of the accuracy
   * @param differing predictions unlike the exact ones
   * @param onlyExact images that only the exact registers get right
   * @param onlyNarrow images that only this register gets right
   * @param p of the paired test against exact registers, as in {@link Comparison}
   * @param overflowing dot products of the layer that overflow at this width, in percent; absent
   *     where the profile looked at another order or other conventions
   * @param summation facts about the accumulator
   */
  public record NarrowRegister(
      String accumulator,
      int bits,
      double accuracy,
      Interval interval,
      int differing,
      int onlyExact,
      int onlyNarrow,
      double p,
      Optional<Double> overflowing,
      Optional<SummationFacts> summation) {
    /** Derives the facts that results of older versions lack. */
    public NarrowRegister {
      summation = summation.or(() -> SummationFacts.of(accumulator));
    }

    /** Facts as the accumulator's text has them. */
    public NarrowRegister(
        String accumulator,
        int bits,
        double accuracy,
        Interval interval,
        int differing,
        int onlyExact,
        int onlyNarrow,
        double p,
        Optional<Double> overflowing) {
      this(
          accumulator,
          bits,
          accuracy,
          interval,
          differing,
          onlyExact,
          onlyNarrow,
          p,
          overflowing,
          Optional.empty());
    }
  }

  List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    tables.add(narrowest());
    tables.add(all());
    return tables;
  }

  private Table narrowest() {
    Table table =
        new Table(
            "Sensitivity: one layer narrowed at a time, all others exact; these widths do not"
                + " combine;"
                + " exact registers reach %s %% (95 %%: %s)%s"
                    .formatted(
                        Table.percent(exactAccuracy),
                        interval.text(),
                        skipped.isEmpty() ? "" : "; left exact: " + String.join(" ", skipped)),
            List.of("layer", "safe", "seen", "enough", "accuracy %", "95 %", "one bit less %"));
    for (NarrowedLayer layer : layers) {
      Optional<NarrowRegister> enough = layer.enough().flatMap(bits -> register(layer, bits));
      table.row(
          layer.name(),
          layer.safe(),
          layer.seen(),
          layer.enough().map(String::valueOf).orElse(""),
          enough.map(r -> Table.percent(r.accuracy())).orElse(""),
          enough.map(r -> r.interval().text()).orElse(""),
          layer
              .enough()
              .flatMap(bits -> register(layer, bits - 1))
              .map(r -> Table.percent(r.accuracy()))
              .orElse(""));
    }
    return table;
  }

  private static Optional<NarrowRegister> register(NarrowedLayer layer, int bits) {
    return layer.registers().stream().filter(r -> r.bits() == bits).findFirst();
  }

  private Table all() {
    Table table =
        new Table(
            "Sensitivity: every register tried, in one layer at a time; p is of the paired test"
                + " against exact registers",
            List.of(
                "layer",
                "accumulator",
                "accuracy %",
                "95 %",
                "differing",
                "only exact right",
                "only narrow right",
                "p",
                "overflowing %"));
    for (NarrowedLayer layer : layers) {
      for (NarrowRegister register : layer.registers()) {
        table.row(
            layer.name(),
            register.accumulator(),
            Table.percent(register.accuracy()),
            register.interval().text(),
            register.differing(),
            register.onlyExact(),
            register.onlyNarrow(),
            Comparison.probability(register.p()),
            register.overflowing().map(Table::percent).orElse(""));
      }
    }
    return table;
  }
}
