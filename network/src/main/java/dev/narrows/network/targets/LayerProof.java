package dev.narrows.network.targets;

import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.ChannelTerms;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.bound.ProductChannel;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.DotOutcome;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerArithmeticException;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What bounds say of one layer in a target's register.
 *
 * @param register with every convention decided
 * @param checks all that its sums have to pass; at least one
 * @param bits of the register that the widest channel is looked at in
 * @param channels of the layer
 * @param unproved channels of which some input may end wrong
 * @param widest the channel that needs the most bits beyond its register's
 * @param held what that register can hold of it
 * @param needed bits of {@code held}
 * @param refuted whether an input of some channel does end wrong, summed in the register's own
 *     order; where it is false and {@code unproved} is not 0, the bound is not tight
 * @param certificate of the widest channel, with its witness
 */
public record LayerProof(
    Layer layer,
    LayerRegister register,
    List<SumCheck> checks,
    int bits,
    int channels,
    int unproved,
    int widest,
    IntegerRange held,
    int needed,
    boolean refuted,
    Optional<ChannelCertificate> certificate) {
  public LayerProof {
    checks = List.copyOf(checks);
  }

  /** Whether every sum ends exact, for every input of the layer's ranges. */
  public boolean proved() {
    return unproved == 0;
  }

  /**
   * Looks at every channel of a layer that sums integers.
   *
   * @throws LayerArithmeticException if sums can leave 64 bits
   */
  static LayerProof of(Network network, InputRanges ranges, Layer layer, LayerRegister register) {
    int zero = network.tensor(layer.inputs().getFirst()).quantization().zeroPoint();
    List<SumCheck> checks = SumCheck.of(register, zero);
    try {
      List<LayerProof> all =
          checks.stream().map(check -> of(network, ranges, layer, register, check)).toList();
      LayerProof most =
          all.stream().max(Comparator.comparingInt(one -> one.needed - one.bits)).orElseThrow();
      return new LayerProof(
          layer,
          register,
          checks,
          most.bits,
          most.channels,
          all.stream().mapToInt(LayerProof::unproved).max().orElse(0),
          most.widest,
          most.held,
          most.needed,
          all.stream().anyMatch(LayerProof::refuted),
          most.certificate);
    } catch (LayerArithmeticException e) {
      throw e;
    } catch (ArithmeticException e) {
      throw LayerArithmeticException.unbounded(layer.name(), e);
    }
  }

  private static LayerProof of(
      Network network, InputRanges ranges, Layer layer, LayerRegister own, SumCheck check) {
    LayerChannels sums = LayerChannels.of(network, ranges, layer, check.register());
    List<ChannelTerms> channels = sums.channels();
    IntegerRange[] held = new IntegerRange[channels.size()];
    Arrays.setAll(held, c -> check.range(channels.get(c)));
    int[] wide =
        IntStream.range(0, held.length)
            .boxed()
            .sorted(Comparator.comparingLong((Integer c) -> reach(held[c])).reversed())
            .filter(c -> bits(held[c]) > check.bits())
            .mapToInt(c -> c)
            .toArray();
    int widest =
        wide.length > 0
            ? wide[0]
            : IntStream.range(0, held.length)
                .boxed()
                .max(Comparator.comparingLong(c -> reach(held[c])))
                .orElse(0);
    return new LayerProof(
        layer,
        own,
        List.of(check),
        check.bits(),
        held.length,
        wide.length,
        widest,
        held[widest],
        bits(held[widest]),
        Arrays.stream(wide).anyMatch(c -> refuted(check, channels.get(c))),
        wide.length == 0
            ? Optional.empty()
            : Optional.of(
                ChannelCertificate.of(channels.get(widest), sums.stored(), Guarantee.SUMS)));
  }

  private static int bits(IntegerRange range) {
    return Widths.of(range.min(), range.max());
  }

  /** Grows with {@link #bits}, and tells ranges of the same width apart. */
  private static long reach(IntegerRange range) {
    return Math.max(range.max(), -(range.min() + 1));
  }

  /** Whether the input that goes furthest up, or down, ends wrong in the register's own order. */
  private static boolean refuted(SumCheck check, ChannelTerms channel) {
    return List.of(1, -1).stream()
        .map(sign -> furthest(channel, sign))
        .map(terms ->
            Dot.sum(
                check.register().accumulator(), check.register().order(), terms, channel.preload()))
        .anyMatch(outcome -> width(check, outcome) > check.outcomeBits());
  }

  private static int width(SumCheck check, DotOutcome outcome) {
    return check.atEnd() ? outcome.finalBits() : outcome.pathBits();
  }

  /** The terms of one input that reaches the greatest (or least) final sum. */
  private static long[] furthest(ChannelTerms channel, int sign) {
    long[] terms = new long[channel.terms()];
    switch (channel) {
      case DotChannel dots -> {
        int phase = dots.phases().of().length == 0 ? 0 : bestPhase(dots, sign);
        for (int k = 0; k < terms.length; k++) {
          long q = dots.weights()[k];
          terms[k] =
              dots.phases().phase(k) == phase
                  ? end(q * dots.inputs().min(), q * dots.inputs().max(), sign)
                  : q * dots.phases().rest();
        }
      }
      case ProductChannel products -> {
        IntegerRange term = products.products();
        Arrays.fill(terms, end(term.min(), term.max(), sign));
      }
    }
    return terms;
  }

  private static long end(long one, long other, int sign) {
    return sign > 0 ? Math.max(one, other) : Math.min(one, other);
  }

  private static int bestPhase(DotChannel channel, int sign) {
    long[] sums = new long[channel.phases().count()];
    for (int k = 0; k < channel.terms(); k++) {
      int phase = channel.phases().phase(k);
      long q = channel.weights()[k];
      if (phase >= 0) {
        sums[phase] +=
            end(q * channel.inputs().min(), q * channel.inputs().max(), sign)
                - q * channel.phases().rest();
      }
    }
    return IntStream.range(0, sums.length)
        .boxed()
        .max(Comparator.comparingLong(phase -> sign * sums[phase]))
        .orElse(0);
  }
}
