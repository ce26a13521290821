package dev.narrows.network.execute;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.DotOutcome;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.Network;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
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

  /**
   * @param registers what each layer sums in
   * @throws IllegalArgumentException if a rule fits no layer
   */
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
      if (layer instanceof SummingLayer) {
        LayerRegisters named = LayerRegisters.of(profile, Map.of(layer.name(), profile));
        profiled.put(layer.name(), named.of(layer));
        profiles.put(layer.name(), OverflowProfile.builder());
      }
    }
  }

  /**
   * Every tensor of the network, the input first, for one image's codes [C][H][W], several inputs
   * one behind the other; states are the initial ones.
   */
  public List<int[]> tensors(int[] codes) {
    return tensors(codes, States.initial(network));
  }

  /** The tensors of calls one after the other, each of which begins as the one before ended. */
  public List<List<int[]>> sequence(List<int[]> calls) {
    List<List<int[]>> made = new ArrayList<>();
    States states = States.initial(network);
    for (int[] codes : calls) {
      List<int[]> tensors = tensors(codes, states);
      made.add(tensors);
      states = States.after(network, tensors::get);
    }
    return made;
  }

  private List<int[]> tensors(int[] codes, States states) {
    List<int[]> tensors = new ArrayList<>();
    int taken = network.input().elements();
    tensors.add(Arrays.copyOf(codes, taken));
    for (Layer layer : network.layers()) {
      if (layer instanceof InputLayer input) {
        int elements = input.output().elements();
        tensors.add(
            input.isState()
                ? states.of(tensors.size())
                : Arrays.copyOfRange(codes, taken, taken + elements));
        taken += input.isState() ? 0 : elements;
        continue;
      }
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
    List<ImageTensor> in =
        layer.inputs().stream()
            .map(input -> new ImageTensor(network.tensor(input), tensors.get(input)))
            .toList();
    return switch (layer) {
      case SummingLayer sums -> sums(sums, in);
      case FunctionLayer function -> function.run(in);
      case InputLayer input -> throw new IllegalStateException(input.name() + " is given");
    };
  }

  private int[] sums(SummingLayer layer, List<ImageTensor> in) {
    int[] words = in.getFirst().words();
    TensorType from = in.getFirst().type();
    return switch (layer) {
      case DotLayer dot ->
          switch (dot.operands()) {
            case IntegerOperands operands -> dots(dot, operands, words, from);
            case FloatOperands operands ->
                ReferenceFloatSums.dots(
                    dot, operands, words, from, register(registers, dot.name()));
          };
      case MatMul product ->
          ReferenceFloatSums.product(
              product, in.get(0), in.get(1), register(registers, product.name()));
      case IntegerMatMul product -> products(product, words, in.get(1).words());
      case AveragePool pool -> averages(pool, words, from);
    };
  }

  private int[] dots(DotLayer layer, IntegerOperands operands, int[] in, TensorType from) {
    int[] weights = operands.weights().dense();
    int terms = layer.terms();
    return ImageTensor.fill(
        layer.output(),
        (c, y, x) -> {
          int z = from.quantization().zeroPoint();
          int[] codes = ReferenceTaps.multiplied(layer, c, y, x, in, from, z);
          int[] q = Arrays.copyOfRange(weights, c * terms, (c + 1) * terms);
          return one(layer, codes, q, z, operands.bias()[c], c, operands.requantization());
        });
  }

  private int[] averages(AveragePool pool, int[] in, TensorType from) {
    int zero = from.quantization().zeroPoint();
    return ImageTensor.fill(
        pool.output(),
        (c, y, x) -> {
          int[] taps = pool.window().taps(from, c, y, x);
          int[] codes = Arrays.stream(taps).map(at -> at < 0 ? zero : in[at]).toArray();
          int[] q = Arrays.stream(taps).map(at -> at < 0 && pool.inside() ? 0 : 1).toArray();
          int inside = Arrays.stream(q).sum();
          return one(pool, codes, q, zero, 0, c, pool.requantization(inside));
        });
  }

  private int[] products(IntegerMatMul layer, int[] left, int[] right) {
    int leftZero = network.tensor(layer.left()).quantization().zeroPoint();
    int rightZero = network.tensor(layer.right()).quantization().zeroPoint();
    int terms = layer.terms(network.tensor(layer.left()));
    int rows = layer.output().height();
    int columns = layer.output().width();
    LayerRegister register = register(registers, layer.name());
    return ImageTensor.fill(
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
