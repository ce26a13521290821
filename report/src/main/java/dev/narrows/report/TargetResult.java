package dev.narrows.report;

import dev.narrows.core.format.Widths;
import dev.narrows.report.CertificateResult.CertifiedWitness;
import dev.narrows.report.PlatformResult.WeightPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a network is safe in the registers of a target: the {@code target} of an analysis.
 *
 * @param name as it was asked for
 * @param registers what the target sums in, in words
 * @param verdict the answer in a word
 * @param sentence the verdict in one sentence, with what it rests on
 * @param proved whether it holds for every input; only then is the verdict a guarantee
 * @param images how many were looked at; absent without data
 * @param layers that were judged
 * @param leftOut layers that sum, but in no register of the target
 * @param advice what can be done, in sentences; empty where all is proved
 */
public record TargetResult(
    String name,
    String registers,
    TargetVerdict verdict,
    String sentence,
    boolean proved,
    Optional<Integer> images,
    List<TargetLayer> layers,
    List<UncoveredLayer> leftOut,
    List<String> advice) {
  /** Of the registers that hold the sum of a pair. */
  private static final int PAIR_BITS = 16;

  /** Copies the lists. */
  public TargetResult {
    layers = List.copyOf(layers);
    leftOut = List.copyOf(leftOut);
    advice = List.copyOf(advice);
  }

  /**
   * One layer in its register.
   *
   * @param name of the layer
   * @param kind conv2d, dense, …
   * @param register in text form
   * @param proved whether every sum, and every pair, is exact for every input
   * @param bits of the register; of a chunked one, of the part that the widest sum is too wide for
   * @param channels output channels
   * @param unproved channels of which some input overflows, or may
   * @param widest the widest channel; absent for floating-point registers
   * @param errorFactor of a floating-point register: in its order a sum is off by at most this
   *     times Σ|w·x|, unless something is flushed to zero or clamped
   * @param pairs those of an instruction that adds products by twos first; absent without one
   * @param seen what the data did; absent without data
   */
  public record TargetLayer(
      String name,
      String kind,
      String register,
      boolean proved,
      int bits,
      int channels,
      int unproved,
      Optional<WidestChannel> widest,
      Optional<Double> errorFactor,
      Optional<LayerPairs> pairs,
      Optional<SumsSeen> seen) {
    TargetLayer withoutWitness() {
      return new TargetLayer(
          name,
          kind,
          register,
          proved,
          bits,
          channels,
          unproved,
          widest.map(w ->
              new WidestChannel(
                  w.channel(), w.lo(), w.hi(), w.bits(), w.overflows(), Optional.empty())),
          errorFactor,
          pairs,
          seen);
    }
  }

  /**
   * The channel that needs the most bits.
   *
   * @param channel its number, from 0
   * @param lo the least value that the register can come to hold
   * @param hi the greatest
   * @param bits the width that holds both
   * @param overflows whether {@code witness}, or an input like it, is known to overflow in the
   *     register's own order
   * @param witness an input of the channel, as a certificate has it; absent where it is proved
   */
  public record WidestChannel(
      int channel,
      long lo,
      long hi,
      int bits,
      boolean overflows,
      Optional<CertifiedWitness> witness) {}

  /**
   * Pairs of products in 16 bits.
   *
   * @param instruction its name
   * @param unsafe pairs that some input overflows
   * @param channels channels with such a pair
   * @param worst the widest of them: inputs at the ends of their range are the witness
   */
  public record LayerPairs(
      String instruction, long unsafe, int channels, Optional<WeightPair> worst) {}

  /**
   * Sums of the data, each layer's inputs from exact execution.
   *
   * @param sums dot products; of pairs, pair sums; of floating-point registers, products and steps
   * @param overflowing those of them that overflow
   */
  public record SumsSeen(long sums, long overflowing) {}

  /** The same without the inputs of witnesses, which nobody reads by eye. */
  public TargetResult withoutWitnesses() {
    return new TargetResult(
        name,
        registers,
        verdict,
        sentence,
        proved,
        images,
        layers.stream().map(TargetLayer::withoutWitness).toList(),
        leftOut,
        advice);
  }

  /** {@code Target NAME: VERDICT …}: what everything begins with. */
  public String headline() {
    return "Target %s (%s): %s".formatted(name, registers, sentence);
  }

  List<Table> tables() {
    List<Table> tables = new ArrayList<>(List.of(layerTable()));
    if (!advice.isEmpty()) {
      Table table = new Table("What can be done", List.of("step"));
      advice.forEach(table::row);
      tables.add(table);
    }
    if (!leftOut.isEmpty()) {
      Table table = new Table("Left out of the verdict", List.of("layer", "kind", "why"));
      leftOut.forEach(layer -> table.row(layer.name(), layer.kind(), layer.reason()));
      tables.add(table);
    }
    return tables;
  }

  private Table layerTable() {
    Table table =
        new Table(
            headline(),
            List.of(
                "layer",
                "register",
                "verdict",
                "channels",
                "unproved",
                "needs",
                "of",
                "overflowing",
                "of sums",
                "error factor",
                "widest channel"));
    for (TargetLayer layer : layers) {
      table.row(
          layer.name(),
          layer.register(),
          word(layer),
          layer.channels(),
          layer.widest().isPresent() ? layer.unproved() : "",
          needs(layer),
          worstPair(layer).isPresent() ? PAIR_BITS : layer.bits(),
          layer.seen().map(s -> String.valueOf(s.overflowing())).orElse(""),
          layer.seen().map(s -> String.valueOf(s.sums())).orElse(""),
          layer.errorFactor().map(PlainText::figure).orElse(""),
          widest(layer));
    }
    return table.withoutEmpty("overflowing").withoutEmpty("of sums").withoutEmpty("error factor");
  }

  /** The verdict on one layer. */
  private static String word(TargetLayer layer) {
    if (layer.proved()) {
      return "safe";
    }
    return layer.seen().map(s -> s.overflowing() == 0).orElse(false) ? "safe on data" : "unsafe";
  }

  private static Optional<WeightPair> worstPair(TargetLayer layer) {
    return layer.pairs().flatMap(LayerPairs::worst);
  }

  private static String needs(TargetLayer layer) {
    return worstPair(layer)
        .map(pair -> Widths.of(pair.lo(), pair.hi()))
        .or(() -> layer.widest().map(WidestChannel::bits))
        .map(String::valueOf)
        .orElse("");
  }

  private static String widest(TargetLayer layer) {
    Optional<WeightPair> pair = worstPair(layer);
    if (pair.isPresent()) {
      return pair.get().text();
    }
    return layer
        .widest()
        .map(w -> "channel %d: %d..%d".formatted(w.channel(), w.lo(), w.hi()))
        .orElse("");
  }
}
