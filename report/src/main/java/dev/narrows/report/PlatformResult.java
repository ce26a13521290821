package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What processors' narrow registers do to each layer: instructions that add two products in 16
 * bits, and sums kept whole in 16 or 24 bits.
 *
 * @param pairs one for each instruction
 * @param registers one for each width
 */
public record PlatformResult(List<PairCheck> pairs, List<RegisterCheck> registers) {
  /** Copies the lists. */
  public PlatformResult {
    pairs = List.copyOf(pairs);
    registers = List.copyOf(registers);
  }

  /**
   * An instruction that adds two products of 8-bit operands in 16 bits. Checked is the sum of one
   * pair in a 16-bit lane; kernels that add further pairs in 16 bits are not covered.
   *
   * @param instruction its name
   * @param assumes what is multiplied, which terms make a pair, and what happens beyond 16 bits
   * @param layers one for each layer that multiplies integers
   */
  public record PairCheck(String instruction, String assumes, List<PairLayer> layers) {
    /** Copies the list. */
    public PairCheck {
      layers = List.copyOf(layers);
    }
  }

  /**
   * The pairs of one layer.
   *
   * @param name of the layer
   * @param unfit why the instruction cannot multiply this layer's operands; then nothing is counted
   * @param pairs of weights in all channels
   * @param unsafe pairs that leave 16 bits for some inputs of the layer's range
   * @param channels that have an unsafe pair
   * @param worst the unsafe pair with the widest sum
   * @param unsafePairs all of them, if channels were asked for
   * @param seen what the data did; absent without data
   */
  public record PairLayer(
      String name,
      Optional<String> unfit,
      long pairs,
      long unsafe,
      int channels,
      Optional<WeightPair> worst,
      Optional<List<WeightPair>> unsafePairs,
      Optional<PairsSeen> seen) {
    /** Copies the list. */
    public PairLayer {
      unsafePairs = unsafePairs.map(List::copyOf);
    }
  }

  /**
   * Two weights whose products are added.
   *
   * @param channel its output channel, from 0
   * @param terms their places in the flattening order: one where the term has no partner
   * @param weights as stored
   * @param lo the least sum of any inputs in range
   * @param hi the greatest
   */
  public record WeightPair(
      int channel, List<Integer> terms, List<Integer> weights, long lo, long hi) {
    /** Copies the lists. */
    public WeightPair {
      terms = List.copyOf(terms);
      weights = List.copyOf(weights);
    }

    String text() {
      return "channel %d, terms %s, weights %s: %d..%d".formatted(channel, terms, weights, lo, hi);
    }
  }

  /**
   * Pair sums of the data, each layer's inputs from exact execution.
   *
   * @param sums pair sums made
   * @param overflowing those of them beyond 16 bits
   * @param dots dot products
   * @param hit dot products with such a pair sum
   */
  public record PairsSeen(long sums, long overflowing, long dots, long hit) {}

  /**
   * Whole sums in registers of one width.
   *
   * @param bits their width
   * @param layers one for each layer that sums integers
   */
  public record RegisterCheck(int bits, List<RegisterLayer> layers) {
    /** Copies the list. */
    public RegisterCheck {
      layers = List.copyOf(layers);
    }
  }

  /**
   * One layer's sums in such a register, under the layer's own conventions.
   *
   * @param name of the layer
   * @param channels that some input overflows
   * @param dots dot products of the data; absent without data
   * @param overflowing those of them that leave the register on their way or at the end
   */
  public record RegisterLayer(
      String name, int channels, Optional<Long> dots, Optional<Long> overflowing) {}

  List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    for (PairCheck check : pairs) {
      tables.add(table(check));
      if (check.layers().stream().anyMatch(layer -> layer.unsafePairs().isPresent())) {
        tables.add(unsafe(check));
      }
    }
    tables.add(sums());
    return tables;
  }

  private static Table table(PairCheck check) {
    Table table =
        new Table(
            check.instruction()
                + ": "
                + check.assumes()
                + "; checked is the sum of one pair in a 16-bit lane, not kernels that add further"
                + " pairs in 16 bits",
            List.of(
                "layer",
                "pairs",
                "unsafe pairs",
                "channels",
                "sums beyond 16 bits",
                "% of sums",
                "% of dots",
                "widest unsafe pair"));
    for (PairLayer layer : check.layers()) {
      Optional<PairsSeen> seen = layer.seen();
      table.row(
          layer.name(),
          layer.unfit().isPresent() ? "" : layer.pairs(),
          layer.unfit().isPresent() ? "" : layer.unsafe(),
          layer.unfit().isPresent() ? "" : layer.channels(),
          seen.map(s -> String.valueOf(s.overflowing())).orElse(""),
          seen.map(s -> share(s.overflowing(), s.sums())).orElse(""),
          seen.map(s -> share(s.hit(), s.dots())).orElse(""),
          layer.unfit().orElseGet(() -> layer.worst().map(WeightPair::text).orElse("")));
    }
    return table;
  }

  private static Table unsafe(PairCheck check) {
    Table table =
        new Table(
            check.instruction() + ": every unsafe pair",
            List.of("layer", "channel", "terms", "weights", "least sum", "greatest sum"));
    for (PairLayer layer : check.layers()) {
      for (WeightPair pair : layer.unsafePairs().orElse(List.of())) {
        table.row(layer.name(), pair.channel(), pair.terms(), pair.weights(), pair.lo(), pair.hi());
      }
    }
    return table;
  }

  private Table sums() {
    Table table =
        new Table(
            "Whole sums in narrow registers: channels that some input overflows, and the data's"
                + " dot products",
            List.of("layer", "bits", "channels", "overflowing dots", "% of dots"));
    for (RegisterCheck check : registers) {
      for (RegisterLayer layer : check.layers()) {
        table.row(
            layer.name(),
            check.bits(),
            layer.channels(),
            layer.overflowing().map(String::valueOf).orElse(""),
            layer.overflowing().flatMap(n -> layer.dots().map(dots -> share(n, dots))).orElse(""));
      }
    }
    return table;
  }

  /** Small shares matter here: one saturated pair in ten thousand can move a class. */
  private static String share(long count, long of) {
    return of == 0 ? "" : Table.decimals(100.0 * count / of);
  }
}
