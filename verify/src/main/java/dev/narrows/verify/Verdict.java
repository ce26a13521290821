package dev.narrows.verify;

import dev.narrows.network.Uncovered;
import dev.narrows.verify.Claim.ClaimedWitness;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a check found.
 *
 * @param bits P, the width the certificate claims to be safe
 * @param guarantee what it promises: "sums" (no sum overflows) or "terms" (every term fits)
 * @param conventions as the certificate states them: "flattening", "zero", "bias", …
 * @param channels channels checked
 * @param skipped layers that the certificate leaves out, pinned to exact registers, or pools
 * @param covered the layers checked, with the checker's own account of their sums
 * @param uncovered every other layer of the network
 * @param disagreements where the certificate says what the network does not bear out; then it
 *     proves nothing
 * @param breaches channels that need more bits than their register has, by the checker's own sums
 */
public record Verdict(
    int bits,
    String guarantee,
    Map<String, String> conventions,
    int channels,
    List<String> skipped,
    List<CheckedLayer> covered,
    List<OmittedLayer> uncovered,
    List<Disagreement> disagreements,
    List<UnsafeChannel> breaches) {
  public Verdict {
    conventions = Map.copyOf(conventions);
    skipped = List.copyOf(skipped);
    covered = List.copyOf(covered);
    uncovered = List.copyOf(uncovered);
    disagreements = List.copyOf(disagreements);
    breaches = List.copyOf(breaches);
  }

  /**
   * A layer whose channels were checked.
   *
   * @param zero the zero-point convention of its register
   * @param bias the bias placement of its register
   * @param pinned the narrow register that the network pins it to, where its sums are held to that
   * @param register bits of the register that its sums (or terms) have to fit: the claimed width,
   *     or that of the register it is pinned to
   * @param lo the least of them by the checker's own account
   * @param hi the greatest
   * @param bits the width that holds both
   */
  public record CheckedLayer(
      String name,
      String kind,
      int channels,
      String zero,
      String bias,
      Optional<String> pinned,
      int register,
      long lo,
      long hi,
      int bits) {
    /** Whether they fit. */
    public boolean fits() {
      return bits <= register;
    }
  }

  /** A layer of the network that the certificate says nothing of. */
  public record OmittedLayer(String name, String kind, Uncovered reason) {}

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
   * A channel whose sums (or terms) can leave the register that they are held to.
   *
   * @param register bits of that register
   * @param witness the certificate's, if it was right: an input and an order that show it
   */
  public record UnsafeChannel(
      String layer,
      int channel,
      long lo,
      long hi,
      int bits,
      int register,
      Optional<ShownWitness> witness) {
    @Override
    public String toString() {
      return "layer \"%s\", channel %d: sums reach [%d, %d] and need %d bits, its register has %d%s"
          .formatted(layer, channel, lo, hi, bits, register, witness.map(w -> "; " + w).orElse(""));
    }
  }

  /**
   * An input of one dot product and the order to sum it in, that was seen to make {@code write}.
   *
   * @param input stored codes, [K]
   * @param right stored codes of the second factor, [K], where that is an input too; else empty
   * @param order indices, [K]
   */
  public record ShownWitness(List<Long> input, List<Long> right, List<Integer> order, long write) {
    private static final int SHOWN = 8;

    public ShownWitness {
      input = List.copyOf(input);
      right = List.copyOf(right);
      order = List.copyOf(order);
    }

    /** What a certificate claims, once it was seen to be right. */
    static ShownWitness of(ClaimedWitness claimed) {
      return new ShownWitness(
          Arrays.stream(claimed.input()).boxed().toList(),
          Arrays.stream(claimed.right()).boxed().toList(),
          Arrays.stream(claimed.order()).boxed().toList(),
          claimed.write());
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

  /** The number of layers checked. */
  public int layers() {
    return covered.size();
  }

  /** Whether the network sums nothing that the certificate could be about. */
  public boolean nothingToProve() {
    return covered.isEmpty();
  }

  /** Whether it is right and every channel is safe in its register. */
  public boolean holds() {
    return sound() && breaches.isEmpty();
  }
}
