package dev.narrows.core.bound;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The proofs for a layer's output channels, in order.
 *
 * @param name the layer's name in its network
 * @param own bits of the register that the network pins the layer to, which its sums have to fit
 *     then; empty where they have to fit the width that the certificate claims
 */
public record LayerCertificate(String name, OptionalInt own, List<ChannelCertificate> channels) {
  public LayerCertificate {
    channels = List.copyOf(channels);
  }

  /** The proofs of a layer without a register of its own. */
  public LayerCertificate(String name, List<ChannelCertificate> channels) {
    this(name, OptionalInt.empty(), channels);
  }

  /** The same proofs against a register of {@code bits} bits of the layer's own. */
  public LayerCertificate against(OptionalInt bits) {
    return new LayerCertificate(name, bits, channels);
  }

  /** {@link #of(String, List, StoredOffsets, Guarantee, boolean)} with witnesses. */
  public static LayerCertificate of(
      String name,
      List<? extends ChannelTerms> channels,
      StoredOffsets stored,
      Guarantee guarantee) {
    return of(name, channels, stored, guarantee, true);
  }

  /**
   * Certifies every channel.
   *
   * @param stored as in {@link ChannelCertificate#of}
   * @param witnessed whether witnesses are kept; those of all channels take twelve bytes a weight
   * @throws ArithmeticException naming the channel, if a write could leave 64 bits
   */
  public static LayerCertificate of(
      String name,
      List<? extends ChannelTerms> channels,
      StoredOffsets stored,
      Guarantee guarantee,
      boolean witnessed) {
    return new LayerCertificate(
        name,
        IntStream.range(0, channels.size())
            .mapToObj(c -> certify(name, c, channels.get(c), stored, guarantee))
            .map(channel -> witnessed ? channel : channel.withoutWitness())
            .toList());
  }

  private static ChannelCertificate certify(
      String name, int index, ChannelTerms channel, StoredOffsets stored, Guarantee guarantee) {
    try {
      return ChannelCertificate.of(channel, stored, guarantee);
    } catch (ArithmeticException e) {
      ArithmeticException named =
          new ArithmeticException(
              "layer \"%s\", channel %d: sums can leave 64 bits".formatted(name, index));
      named.initCause(e);
      throw named;
    }
  }

  /** The width that is safe for every channel; 1 when there is none. */
  public int bits() {
    return channels.stream().mapToInt(ChannelCertificate::bits).max().orElse(1);
  }
}
