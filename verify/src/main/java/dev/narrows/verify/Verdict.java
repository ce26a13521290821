package dev.narrows.verify;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a check found.
 *
 * @param bits P, the width the certificate claims to be safe
 * @param layers layers checked
 * @param channels channels checked
 * @param skipped layers that the certificate leaves out, pinned to exact registers, or pools
 * @param disagreements where the certificate says what the network does not bear out; then it
 *     proves nothing
 * @param breaches channels that need more than P bits, by the checker's own sums
 */
public record Verdict(
    int bits,
    int layers,
    int channels,
    List<String> skipped,
    List<Disagreement> disagreements,
    List<Breach> breaches) {
  public Verdict {
    skipped = List.copyOf(skipped);
    disagreements = List.copyOf(disagreements);
    breaches = List.copyOf(breaches);
  }

  /**
   * A statement of the certificate that is wrong.
   *
   * @param layer empty when it concerns the whole certificate
   * @param field as in the file, such as "lo" or "witness.order"
   */
  public record Disagreement(
      String layer, OptionalInt channel, String field, String claimed, String found) {
    @Override
    public String toString() {
      String place =
          (layer.isEmpty() ? "" : "layer \"" + layer + "\", ")
              + (channel.isPresent() ? "channel " + channel.getAsInt() + ", " : "");
      return place + field + ": certificate says " + claimed + ", found " + found;
    }
  }

  /**
   * A channel whose sums can leave P bits.
   *
   * @param witness the certificate's, if it was right: an input and an order that show it
   */
  public record Breach(
      String layer, int channel, long lo, long hi, int bits, Optional<Witness> witness) {
    @Override
    public String toString() {
      return "layer \"%s\", channel %d: sums reach [%d, %d] and need %d bits%s"
          .formatted(layer, channel, lo, hi, bits, witness.map(w -> "; " + w).orElse(""));
    }
  }

  /**
   * An input of one dot product and the order to sum it in, that was seen to make {@code write}.
   *
   * @param input stored codes, [K]
   * @param right stored codes of the second factor, [K], where that is an input too; else empty
   * @param order indices, [K]
   */
  public record Witness(List<Long> input, List<Long> right, List<Integer> order, long write) {
    private static final int SHOWN = 8;

    public Witness {
      input = List.copyOf(input);
      right = List.copyOf(right);
      order = List.copyOf(order);
    }

    /** Of a channel with weights. */
    public Witness(List<Long> input, List<Integer> order, long write) {
      this(input, List.of(), order, write);
    }

    @Override
    public String toString() {
      return "input codes %s%s in the order %s write %d"
          .formatted(
              beginning(input),
              right.isEmpty() ? "" : " times " + beginning(right),
              beginning(order),
              write);
    }

    private static String beginning(List<?> values) {
      return values.size() <= SHOWN
          ? values.toString()
          : values.subList(0, SHOWN).toString().replace("]", ", … " + values.size() + " in all]");
    }
  }

  /** Whether the certificate is right in every statement. */
  public boolean sound() {
    return disagreements.isEmpty();
  }

  /** Whether it is right and every channel is safe in the claimed width. */
  public boolean holds() {
    return sound() && breaches.isEmpty();
  }
}
