package dev.narrows.network.targets;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.ChannelTerms;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.LayerCertificate;
import dev.narrows.core.bound.PartCertificates;
import dev.narrows.core.bound.StoredOffsets;
import dev.narrows.core.bound.TapPhases;
import dev.narrows.core.bound.TermParts;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.lane.LaneReduction;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerArithmeticException;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegister.Origin;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.FloatLayersException;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import dev.narrows.network.pass.StridePhases;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The claim that no input overflows the narrow register that a dot product's parts are summed in,
 * nor the wide one behind it, in any layer that is not exact by itself. The certificate's channels
 * are about parts; that whole sums fit is said in {@code outer}, and is another certificate's proof
 * ({@link CertifyNetwork}).
 *
 * @see "docs/bounds.md, Parts"
 */
public final class CertifyParts {
  /** The key of the parts in a certificate's conventions. */
  public static final String PARTS = "parts";

  /** The key of the wide register's bits. */
  public static final String OUTER = "outer";

  /** The key of what the least stored code is as an operand of an instruction. */
  public static final String LEAST_OPERAND = "leastOperand";

  private CertifyParts() {}

  /**
   * Chunks of n consecutive terms.
   *
   * @param bits of the narrow register
   * @param outer bits of the wide one
   * @param witnessed whether witnesses are kept
   */
  public static Certificate chunks(
      Network network, int run, int bits, int outer, boolean witnessed) {
    return of(network, TermParts.chunks(run), bits, outer, Optional.empty(), witnessed);
  }

  /**
   * The pairs of an instruction, in its 16 bits.
   *
   * @param outer bits of the wide register
   * @param witnessed whether witnesses are kept
   */
  public static Certificate pairs(
      Network network, PairInstruction instruction, int outer, boolean witnessed) {
    return of(
        network,
        TermParts.pairs(instruction.pairing()),
        instruction.pairing().bits(),
        outer,
        Optional.of(instruction),
        witnessed);
  }

  /**
   * What the lanes of a SIMD kernel add, in the width that they have in common.
   *
   * @param lanes with every length given
   * @param outer bits of the register behind them
   * @param witnessed whether witnesses are kept
   * @throws IllegalArgumentException if lanes are unsigned, or narrower than {@code outer} in
   *     several widths: a certificate is about one
   */
  public static Certificate lanes(
      Network network, LaneReduction lanes, int outer, boolean witnessed) {
    requireSigned(lanes);
    int bits = lanes.narrowest();
    int level = 0;
    for (int i = 0; i < lanes.levels().size(); i++) {
      int own = lanes.levels().get(i).register().bits();
      if (own != bits && own < outer) {
        throw new IllegalArgumentException(
            "a certificate is about one width before the last register, and %s has lanes of %d and"
                    .formatted(lanes, bits)
                + " %d bits".formatted(own));
      }
      if (own == bits) {
        level = i; // what a later level adds holds all that earlier ones do
      }
    }
    return of(network, TermParts.lanes(lanes, level), bits, outer, Optional.empty(), witnessed);
  }

  /** Rejects unsigned lanes, of which bounds here say nothing. */
  static void requireSigned(LaneReduction lanes) {
    if (!lanes.levels().stream().allMatch(level -> level.register().signed())) {
      throw new IllegalArgumentException(
          "nothing is proved of a network in unsigned lanes, such as those of " + lanes);
    }
  }

  /** Whether an instruction can multiply what a layer multiplies. */
  public static boolean fits(Network network, Layer layer) {
    if (!(layer instanceof DotLayer dot)
        || dot.isFloat()
        || network.tensor(dot.input()).quantization().format().bits() != 8) {
      return false;
    }
    return Arrays.stream(dot.integers().weights().dense()).allMatch(q -> q >= -128 && q <= 127);
  }

  private static Certificate of(
      Network network,
      TermParts parts,
      int bits,
      int outer,
      Optional<PairInstruction> instruction,
      boolean witnessed) {
    FloatLayersException.requireIntegers("a certificate", network.layers());
    InputRanges ranges = InputRanges.of(network);
    List<LayerCertificate> layers = new ArrayList<>();
    Map<String, String> conventions = new TreeMap<>();
    conventions.put("flattening", Certificate.FLATTENING);
    for (LayerRegister register : LayerRegisters.exact().of(network)) {
      Layer layer = network.layer(register.layer());
      boolean pinned = register.origin() == Origin.PINNED;
      boolean exempt =
          register.origin() == Origin.POOLING
              || pinned && register.accumulator() instanceof Exact
              || layer instanceof SummingLayer sums && sums.isFloat()
              || instruction.isPresent() && !fits(network, layer);
      if (exempt) {
        continue;
      }
      if (pinned) {
        conventions.put("pinned", "replaced");
      }
      if (layer instanceof TransposedConvolution) {
        conventions.put("taps", "phase");
      }
      LayerChannels channels =
          instruction.isPresent()
              ? operands(network, ranges, (DotLayer) layer, instruction.get())
              : LayerChannels.of(network, ranges, layer, register);
      layers.add(certified(layer.name(), channels, parts, witnessed));
    }
    conventions.put(PARTS, parts.toString());
    conventions.put(OUTER, String.valueOf(outer));
    instruction.ifPresent(
        one -> conventions.put(LEAST_OPERAND, String.valueOf(one.leastOperand())));
    return new Certificate(bits, conventions, layers);
  }

  private static LayerCertificate certified(
      String layer, LayerChannels channels, TermParts parts, boolean witnessed) {
    try {
      List<ChannelCertificate> certificates =
          channels.channels().stream()
              .map(channel -> PartCertificates.of(channel, parts, channels.stored()))
              .map(channel -> witnessed ? channel : channel.withoutWitness())
              .toList();
      return new LayerCertificate(layer, certificates);
    } catch (ArithmeticException e) {
      throw LayerArithmeticException.unbounded(layer, e);
    }
  }

  /** What an instruction multiplies: stored codes, moved to where its operands begin. */
  private static LayerChannels operands(
      Network network, InputRanges ranges, DotLayer layer, PairInstruction instruction) {
    IntegerFormat format = network.tensor(layer.input()).quantization().format();
    int zero = network.tensor(layer.input()).quantization().zeroPoint();
    int shift = instruction.leastOperand() - (int) format.min();
    IntegerRange inputs = ranges.multiplied(network, layer, ZeroPointConvention.RAW).minus(-shift);
    TapPhases phases =
        layer instanceof TransposedConvolution transposed
            ? StridePhases.of(transposed, zero + shift)
            : TapPhases.one();
    int terms = layer.terms();
    int[] dense = layer.integers().weights().dense();
    List<ChannelTerms> channels = new ArrayList<>();
    for (int c = 0; c < layer.integers().channels(); c++) {
      int[] weights = Arrays.copyOfRange(dense, c * terms, (c + 1) * terms);
      channels.add(new DotChannel(weights, inputs, 0, phases));
    }
    return new LayerChannels(layer, channels, StoredOffsets.of(-shift));
  }

  /**
   * The largest n of each layer whose chunks of n terms are all safe in a register, by name; layers
   * that are not covered are not there.
   */
  public static Map<String, Integer> largestChunks(Network network, int bits) {
    InputRanges ranges = InputRanges.of(network);
    Map<String, Integer> largest = new TreeMap<>();
    for (LayerRegister register : LayerRegisters.exact().of(network)) {
      Layer layer = network.layer(register.layer());
      boolean exact = register.origin() == Origin.PINNED && register.accumulator() instanceof Exact;
      if (layer instanceof DotLayer dot && !dot.isFloat() && !exact) {
        LayerRegister asked =
            new LayerRegister(
                register.layer(),
                new Saturating(bits),
                register.order(),
                register.zero(),
                register.bias(),
                register.asked(),
                register.origin());
        largest.put(layer.name(), largestChunk(network, ranges, layer, asked));
      }
    }
    return largest;
  }

  /**
   * The largest n of a layer with weights whose chunks of n terms are all safe in a register.
   *
   * @throws LayerArithmeticException if sums can leave 64 bits
   */
  static int largestChunk(
      Network network, InputRanges ranges, Layer layer, LayerRegister register) {
    List<DotChannel> channels =
        LayerChannels.of(network, ranges, layer, register).channels().stream()
            .map(DotChannel.class::cast)
            .toList();
    try {
      return TermParts.largestChunk(channels, register.accumulator().bits());
    } catch (ArithmeticException e) {
      throw LayerArithmeticException.unbounded(layer.name(), e);
    }
  }
}
