package dev.narrows.cli.worker;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.LayerBounds;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import dev.narrows.core.quantize.a2q.NormLimit;
import dev.narrows.core.quantize.a2q.NormMethod;
import dev.narrows.core.quantize.a2q.NormQuantizer;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyType;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls about arrays, which lie in {@code .npy} files that are mapped: the caller makes the files
 * of the results too, so that a full disk is found before there is anything to lose.
 *
 * <ul>
 *   <li>{@code dot}: {@code register}, {@code weights}, {@code inputs}, {@code out}, perhaps {@code
 *       groups}: every dot product in a register; shapes as in {@link ProductShape}.
 *   <li>{@code profile}: {@code order}, {@code weights}, {@code inputs}, {@code out}, int64 of
 *       shape [1 + channels][63][3]: how many dot products are clean, transient and persistent at 2
 *       to 64 bits, of all channels and of each. Answers {@code dots} and {@code widest}.
 *   <li>{@code bounds}: {@code weights}, {@code low}, {@code high}: the widths that no input from
 *       low to high can exceed; {@code channels} lists the exact one of each channel.
 *   <li>{@code gradients}: {@code register}, {@code masks}, {@code weights}, {@code inputs}, {@code
 *       upstream}, {@code weightGradients}, {@code inputGradients}, perhaps {@code epsilon} and
 *       {@code groups}.
 *   <li>{@code constrain}: {@code weights}, {@code scales} and {@code norms} of each channel,
 *       {@code method}, {@code bits}, {@code weightBits}, {@code inputBits}, {@code signed}: the
 *       integers under a norm limit go to {@code out}; with {@code codes} and {@code upstream},
 *       what the integers were and their gradients, the gradients of the weights do, and those of
 *       the logarithms of scales and norms are answered.
 *   <li>{@code register}: {@code register}: what is known of it. With {@code terms}, how many
 *       products from {@code low} to {@code high} are summed, also {@code sums}: whether its result
 *       is always the {@code exact} sum, always its {@code clamp}, or {@code other}.
 * </ul>
 */
public final class ArrayCalls implements AutoCloseable {
  private static final int WIDTHS = 63;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ColumnPieces pieces;

  /**
   * @param threads to work on
   */
  public ArrayCalls(int threads) {
    this.pieces = new ColumnPieces(threads);
  }

  /** Answers a call. */
  Map<String, Object> answer(WorkerCall call) {
    try (Arena arena = Arena.ofShared()) {
      return switch (call.name()) {
        case "dot" -> dot(call, arena);
        case "profile" -> profile(call, arena);
        case "bounds" -> bounds(call, arena);
        case "gradients" -> gradients(call, arena);
        case "constrain" -> constrain(call, arena);
        case "register" -> register(call);
        default ->
            throw new CallException(
                "there is no call \"%s\"; expected hello, command, dot, profile, bounds, gradients, constrain or register"
                    .formatted(call.name()));
      };
    }
  }

  private static ArrayOperand read(WorkerCall call, String name, Arena arena) {
    Path file = Path.of(call.text(name));
    return new ArrayOperand(name, Npy.map(file, FileChannel.MapMode.READ_ONLY, arena));
  }

  private static ArrayOperand written(WorkerCall call, String name, Arena arena) {
    Path file = Path.of(call.text(name));
    return new ArrayOperand(name, Npy.map(file, FileChannel.MapMode.READ_WRITE, arena));
  }

  private static int groups(WorkerCall call) {
    return Math.toIntExact(call.whole("groups", 1));
  }

  private static Summation summation(WorkerCall call) {
    Summation summation = Summation.parse(call.text("register"));
    if (summation.zero().isPresent() || summation.bias().isPresent()) {
      throw new CallException(
          "%s: a product of arrays has neither zero points nor a bias; leave zero(…) and bias(…) out"
              .formatted(summation));
    }
    return summation;
  }

  private Map<String, Object> dot(WorkerCall call, Arena arena) {
    Summation summation = summation(call);
    Accumulator register = summation.accumulator();
    ArrayOperand weights = read(call, "weights", arena);
    ArrayOperand inputs = read(call, "inputs", arena);
    ArrayOperand out = written(call, "out", arena);
    ProductShape shape = ProductShape.of(weights, inputs, groups(call));
    boolean floats =
        !register.takesIntegers()
            || register.takesFloats() && (weights.floating() || inputs.floating());
    if (floats) {
      new FloatCalls(shape, weights, inputs, pieces).multiply(summation, out);
    } else {
      new IntegerCalls(shape, weights, inputs, pieces).multiply(summation, out);
    }
    return Map.of("register", summation.toString());
  }

  private Map<String, Object> profile(WorkerCall call, Arena arena) {
    Summation view = Summation.parseIn(new Saturating(Accumulator.MAX_BITS), call.text("order"));
    ArrayOperand weights = read(call, "weights", arena);
    ArrayOperand inputs = read(call, "inputs", arena);
    ArrayOperand out = written(call, "out", arena);
    ProductShape shape = ProductShape.of(weights, inputs, groups(call));
    int channels = shape.groups() * shape.channels();
    out.requireType(NpyType.INT64);
    out.requireShape(1 + channels, WIDTHS, OverflowClass.values().length);
    OverflowProfile[] ofChannels =
        new IntegerCalls(shape, weights, inputs, pieces).profile(view.order());
    OverflowProfile.Builder sum = OverflowProfile.builder();
    for (int c = 0; c < channels; c++) {
      sum.add(ofChannels[c]);
      store(ofChannels[c], out, c + 1);
    }
    OverflowProfile all = sum.build();
    store(all, out, 0);
    return Map.of("order", view.order().toString(), "dots", all.dots(), "widest", all.widestPath());
  }

  private static void store(OverflowProfile profile, ArrayOperand out, int row) {
    List<OverflowClass> kinds =
        List.of(OverflowClass.CLEAN, OverflowClass.TRANSIENT, OverflowClass.PERSISTENT);
    for (int bits = 2; bits < 2 + WIDTHS; bits++) {
      for (int kind = 0; kind < kinds.size(); kind++) {
        long index = ((long) row * WIDTHS + bits - 2) * kinds.size() + kind;
        out.array().data().setAtIndex(LONG, index, profile.count(kinds.get(kind), bits));
      }
    }
  }

  private static Map<String, Object> bounds(WorkerCall call, Arena arena) {
    ArrayOperand weights = read(call, "weights", arena);
    if (weights.shape().size() != 2) {
      throw new CallException(
          "weights: expected two dimensions [channels][terms], got " + weights.shape());
    }
    IntegerRange range = new IntegerRange(call.whole("low", 0), call.whole("high", 0));
    int terms = weights.shape().get(1);
    int[] values = weights.integers();
    List<DotChannel> channels = new ArrayList<>();
    for (int c = 0; c < weights.shape().getFirst(); c++) {
      channels.add(new DotChannel(Arrays.copyOfRange(values, c * terms, (c + 1) * terms), range));
    }
    LayerBounds bounds = LayerBounds.of(channels);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("dataType", bounds.dataType());
    answer.put("l1", bounds.l1());
    bounds.zeroCentred().ifPresent(bits -> answer.put("zeroCentred", bits));
    answer.put("signSum", bounds.signSum());
    List<SignSumBound> exact = channels.stream().map(SignSumBound::of).toList();
    answer.put("channels", exact.stream().map(SignSumBound::bits).toList());
    answer.put("lo", exact.stream().map(SignSumBound::lo).toList());
    answer.put("hi", exact.stream().map(SignSumBound::hi).toList());
    return answer;
  }

  private Map<String, Object> gradients(WorkerCall call, Arena arena) {
    Summation summation = summation(call);
    if (!(summation.accumulator() instanceof FloatAccumulator register)) {
      throw OperandException.needsIntegers("a masked gradient", summation.accumulator());
    }
    Set<GradientMask> masks = GradientMask.parse(call.text("masks"));
    ArrayOperand weights = read(call, "weights", arena);
    ArrayOperand inputs = read(call, "inputs", arena);
    ProductShape shape = ProductShape.of(weights, inputs, groups(call));
    new FloatCalls(shape, weights, inputs, pieces)
        .backward(
            summation,
            masks,
            call.number("epsilon").map(Double::floatValue).orElse(register.epsilon()),
            read(call, "upstream", arena),
            written(call, "weightGradients", arena),
            written(call, "inputGradients", arena));
    return Map.of("register", summation.toString());
  }

  private static Map<String, Object> constrain(WorkerCall call, Arena arena) {
    ArrayOperand weights = read(call, "weights", arena);
    IntegerFormat inputs =
        new IntegerFormat(Math.toIntExact(call.whole("inputBits", 8)), call.truth("signed"));
    NormLimit limit =
        new NormLimit(
            NormMethod.parse(call.text("method")), Math.toIntExact(call.whole("bits", 32)), inputs);
    NormQuantizer quantizer =
        new NormQuantizer(limit, Math.toIntExact(call.whole("weightBits", 8)));
    ConstrainedRows rows =
        new ConstrainedRows(
            quantizer, weights, read(call, "scales", arena), read(call, "norms", arena));
    ArrayOperand out = written(call, "out", arena);
    if (call.optional("upstream").isPresent()) {
      List<NormQuantizer.Slopes> slopes =
          rows.backward(read(call, "codes", arena), read(call, "upstream", arena), out);
      return Map.of(
          "log2ScaleGradients", slopes.stream().map(NormQuantizer.Slopes::log2Scale).toList(),
          "log2NormGradients", slopes.stream().map(NormQuantizer.Slopes::log2Norm).toList());
    }
    rows.quantize(out);
    return Map.of();
  }

  private static Map<String, Object> register(WorkerCall call) {
    Summation summation = summation(call);
    Accumulator register = summation.accumulator();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("register", summation.toString());
    answer.put("takesIntegers", register.takesIntegers());
    answer.put("takesFloats", register.takesFloats());
    answer.put("bits", register.bits());
    if (register.takesIntegers()) {
      call.optionalWhole("terms")
          .ifPresent(terms ->
              answer.put(
                  "sums", sums(summation, call.whole("low", 0), call.whole("high", 0), terms)));
    }
    return answer;
  }

  /** What a register makes of sums: {@code exact}, {@code clamp} of the exact sum, or other. */
  private static String sums(Summation summation, long low, long high, long terms) {
    int bits = summation.accumulator().bits();
    try {
      long least = Math.multiplyExact(Math.min(0, low), terms);
      long most = Math.multiplyExact(Math.max(0, high), terms);
      if (Widths.of(least, most) <= summation.order().narrowest(bits)) {
        return "exact";
      }
    } catch (ArithmeticException wide) {
      // sums of more than 64 bits fit no register
    }
    return summation.isClampOfExactSum(Widths.of(low, high)) ? "clamp" : "other";
  }

  @Override
  public void close() {
    pieces.close();
  }
}
