package dev.narrows.network.execute;

import static dev.narrows.network.execute.ReferenceTaps.at;
import static dev.narrows.network.execute.ReferenceTaps.fill;
import static dev.narrows.network.execute.ReferenceTaps.multiplied;
import static dev.narrows.network.execute.ReferenceTaps.taps;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.DotOutcome;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.Network;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodeFunction;
import dev.narrows.network.layer.CodePair;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.FloatLayer;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network run one image and one dot product at a time, by {@link Dot}: what every faster executor
 * must equal bit for bit. BranchTensors are [C][H][W], codes or the words of numbers ({@link
 * Words}).
 */
public final class ReferenceExecutor {
  private final Network network;
  private final Map<String, LayerRegister> registers = new HashMap<>();
  private final Map<String, LayerRegister> profiled = new HashMap<>();
  private final Map<String, OverflowProfile.Builder> profiles = new HashMap<>();

  public ReferenceExecutor(Network network, LayerRegisters registers) {
    this.network = network;
    registers.of(network).forEach(register -> this.registers.put(register.layer(), register));
  }

  /**
   * A reference that also notes (finalBits, pathBits) of every dot product.
   *
   * @param profile the order and conventions it looks at; its accumulator does not matter
   */
  public ReferenceExecutor(Network network, LayerRegisters registers, Summation profile) {
    this(network, registers);
    for (Layer layer : network.layers()) {
      if (LayerRegisters.sums(layer)) {
        LayerRegisters named = LayerRegisters.of(profile, Map.of(layer.name(), profile));
        profiled.put(layer.name(), named.of(layer));
        profiles.put(layer.name(), OverflowProfile.builder());
      }
    }
  }

  /** Every tensor of the network, the input first, for one image's codes [C][H][W]. */
  public List<int[]> tensors(int[] codes) {
    List<int[]> tensors = new ArrayList<>();
    tensors.add(codes);
    for (Layer layer : network.layers()) {
      try {
        tensors.add(Words.stored(layer.output(), run(layer, tensors)));
      } catch (ArithmeticException e) {
        throw new LayerArithmeticException(layer.name(), e);
      }
    }
    return tensors;
  }

  /** The output codes [C][H][W] for one image's codes. */
  public int[] run(int[] codes) {
    return tensors(codes).getLast();
  }

  /** The dot products of a layer seen so far. */
  public OverflowProfile profile(String layer) {
    OverflowProfile.Builder builder = profiles.get(layer);
    return builder == null ? OverflowProfile.empty() : builder.build();
  }

  private int[] run(Layer layer, List<int[]> tensors) {
    if (layer instanceof Constant constant) {
      return constant.words().clone();
    }
    int first = layer.inputs().getFirst();
    int[] in = tensors.get(first);
    TensorType from = network.tensor(first);
    TensorType to = layer.output();
    int zero = from.isFloat() ? Words.ZERO : from.quantization().zeroPoint();
    return switch (layer) {
      case DotLayer dot ->
          switch (dot.operands()) {
            case IntegerOperands operands -> dots(dot, operands, in, from);
            case FloatOperands operands ->
                ReferenceFloatLayers.dots(dot, operands, in, from, register(registers, dot.name()));
          };
      case FloatLayer real ->
          ReferenceFloatLayers.run(
              real, tensors, from, Optional.ofNullable(registers.get(real.name())));
      case IntegerMatMul product -> products(product, in, tensors.get(product.right()));
      case AveragePool pool -> averages(pool, in, from);
      case MaxPool pool ->
          from.isFloat()
              ? ReferenceFloatLayers.max(pool, in, from)
              : fill(
                  to,
                  (c, y, x) ->
                      Arrays.stream(taps(pool.window(), c, y, x, from))
                          .filter(at -> at >= 0)
                          .map(at -> in[at])
                          .max()
                          .orElseThrow());
      case CodePair pair -> {
        int[] right = tensors.get(pair.right());
        int rightZero = network.tensor(pair.right()).quantization().zeroPoint();
        yield fill(
            to,
            (c, y, x) ->
                pair.apply(in[at(to, c, y, x)] - zero, right[at(to, c, y, x)] - rightZero));
      }
      case Constant _ -> throw new IllegalStateException("done above");
      case Rescale rescale ->
          fill(
              to,
              (c, y, x) -> rescale.requantization().apply(c, (long) in[at(to, c, y, x)] - zero));
      case Resize resize -> {
        List<Resize.Place> rows = resize.rows(from);
        List<Resize.Place> columns = resize.columns(from);
        yield fill(
            to,
            (c, y, x) -> {
              Resize.Place row = rows.get(y);
              Resize.Place column = columns.get(x);
              return resize.word(
                  in[at(from, c, row.lower(), column.lower())],
                  in[at(from, c, row.upper(), column.lower())],
                  in[at(from, c, row.lower(), column.upper())],
                  in[at(from, c, row.upper(), column.upper())],
                  row,
                  column);
            });
      }
      case Clamp clamp ->
          fill(to, (c, y, x) -> Math.clamp(in[at(to, c, y, x)], clamp.min(), clamp.max()));
      case Subsample sub ->
          fill(to, (c, y, x) -> in[at(from, c, y * sub.strideHeight(), x * sub.strideWidth())]);
      case ChannelPad pad ->
          fill(
              to,
              (c, y, x) -> {
                int channel = c - pad.before();
                boolean inside = channel >= 0 && channel < from.channels();
                return inside ? in[at(from, channel, y, x)] : zero;
              });
      case CodeFunction function ->
          fill(
              to,
              (c, y, x) -> {
                int[] column = new int[from.channels()];
                Arrays.setAll(column, channel -> in[at(from, channel, y, x)]);
                function.apply(column);
                return column[c];
              });
      case Quantize quantize ->
          Arrays.stream(in).map(word -> quantize.code(Words.number(word))).toArray();
      case Rearrange moved -> {
        int[] row =
            moved.inputs().stream()
                .flatMapToInt(input -> Arrays.stream(tensors.get(input)))
                .toArray();
        yield Arrays.stream(moved.places()).map(place -> place < 0 ? zero : row[place]).toArray();
      }
      case Flatten flatten -> in.clone();
    };
  }

  private int[] dots(DotLayer layer, IntegerOperands operands, int[] in, TensorType from) {
    int[] weights = operands.weights().dense();
    int terms = layer.terms();
    return fill(
        layer.output(),
        (c, y, x) -> {
          int z = from.quantization().zeroPoint();
          int[] codes = multiplied(layer, c, y, x, in, from, z);
          int[] q = Arrays.copyOfRange(weights, c * terms, (c + 1) * terms);
          return one(layer, codes, q, z, operands.bias()[c], c, operands.requantization());
        });
  }

  private int[] averages(AveragePool pool, int[] in, TensorType from) {
    int zero = from.quantization().zeroPoint();
    int[] ones = new int[pool.terms()];
    Arrays.fill(ones, 1);
    return fill(
        pool.output(),
        (c, y, x) -> {
          int[] codes =
              Arrays.stream(taps(pool.window(), c, y, x, from))
                  .map(at -> at < 0 ? zero : in[at])
                  .toArray();
          return one(pool, codes, ones, zero, 0, c, pool.requantization());
        });
  }

  private int[] products(IntegerMatMul layer, int[] left, int[] right) {
    int leftZero = network.tensor(layer.left()).quantization().zeroPoint();
    int rightZero = network.tensor(layer.right()).quantization().zeroPoint();
    int terms = layer.terms(network.tensor(layer.left()));
    int rows = layer.output().height();
    int columns = layer.output().width();
    LayerRegister register = register(registers, layer.name());
    return fill(
        layer.output(),
        (head, t, s) -> {
          int[] x = new int[terms];
          int[] y = new int[terms];
          Arrays.setAll(x, k -> left[(head * terms + k) * rows + t]);
          Arrays.setAll(y, k -> right[(head * terms + k) * columns + s]);
          Optional.ofNullable(profiles.get(layer.name()))
              .ifPresent(profile -> {
                LayerRegister as = register(profiled, layer.name());
                DotOutcome seen = product(as, x, leftZero, y, rightZero);
                profile.add(seen.finalBits(), seen.pathBits());
              });
          long sum = product(register, x, leftZero, y, rightZero).value();
          if (register.zero() == ZeroPointConvention.RAW) {
            long correction = 0;
            for (int k = 0; k < terms; k++) {
              correction += (long) (x[k] - leftZero) * (y[k] - rightZero) - (long) x[k] * y[k];
            }
            sum = register.correct(sum, correction);
          }
          return layer.requantization().apply(0, sum);
        });
  }

  private static DotOutcome product(
      LayerRegister register, int[] x, int leftZero, int[] y, int rightZero) {
    boolean offset = register.zero() == ZeroPointConvention.OFFSET;
    long[] terms = new long[x.length];
    for (int k = 0; k < x.length; k++) {
      terms[k] = (x[k] - (offset ? leftZero : 0L)) * (y[k] - (offset ? rightZero : 0L));
    }
    return Dot.sum(register.accumulator(), register.order(), terms, 0);
  }

  /** One dot product, from codes to code. */
  private int one(
      Layer layer, int[] x, int[] q, int zero, int bias, int channel, Requantization requantize) {
    LayerRegister register = register(registers, layer.name());
    long correction = correction(register, q, zero);
    DotOutcome outcome = dot(register, x, q, zero, bias);
    long sum = outcome.value();
    if (register.bias() == BiasPlacement.AFTER) {
      sum = Math.addExact(register.correct(sum, correction), bias);
    }
    Optional.ofNullable(profiles.get(layer.name()))
        .ifPresent(profile -> {
          DotOutcome seen = dot(register(profiled, layer.name()), x, q, zero, bias);
          profile.add(seen.finalBits(), seen.pathBits());
        });
    return requantize.apply(channel, sum);
  }

  private static DotOutcome dot(LayerRegister register, int[] x, int[] q, int zero, int bias) {
    long[] terms = new long[x.length];
    for (int k = 0; k < x.length; k++) {
      terms[k] = (x[k] - (register.zero() == ZeroPointConvention.OFFSET ? zero : 0L)) * q[k];
    }
    long preload =
        register.bias() == BiasPlacement.PRELOAD ? bias + correction(register, q, zero) : 0;
    return Dot.sum(register.accumulator(), register.order(), terms, preload);
  }

  private static long correction(LayerRegister register, int[] q, int zero) {
    return register.zero() == ZeroPointConvention.RAW
        ? -zero * Arrays.stream(q).asLongStream().sum()
        : 0;
  }

  private static LayerRegister register(Map<String, LayerRegister> registers, String layer) {
    LayerRegister register = registers.get(layer);
    if (register == null) {
      throw new IllegalStateException("no register for layer " + layer);
    }
    return register;
  }
}
