package dev.narrows.network.tflite;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Extremum;
import dev.narrows.network.layer.IntegerLogSoftmax;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.layer.Span;
import dev.narrows.network.layer.UnitLength;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** Operators on the channels of a position, step by step as LiteRT computes them in binary32. */
final class NormalizeOperators {
  private static final Span CHANNELS = Span.of(0);

  private final OperatorImport in;
  private final String name;
  private final TensorType type;

  private NormalizeOperators(OperatorImport in, String name, TensorType type) {
    this.in = in;
    this.name = name;
    this.type = type;
  }

  private static NormalizeOperators of(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    in.requireShape(value.shape());
    if (value.type().channels() != value.shape().last()) {
      throw new Unsupported("input of shape " + value.shape());
    }
    if (!value.type().isFloat()) {
      throw new Unsupported("codes " + value.type().quantization().format());
    }
    return new NormalizeOperators(in, in.name(), value.type());
  }

  /** (x − max) − ln Σe^(x − max). */
  static void logSoftmax(OperatorImport in) throws NetworkFileException, Unsupported {
    if (!in.value(0).type().isFloat()) {
      GraphValue value = in.value(0);
      TensorType made = bytes(in, value);
      requireScale(in, made, 16, (int) made.quantization().format().max());
      in.finish(IntegerLogSoftmax.of(in.name(), value.tensor(), value.type(), made));
      return;
    }
    NormalizeOperators steps = of(in);
    TensorType one = CHANNELS.of(steps.type);
    int x = in.value(0).tensor();
    int most = in.add(new Extremum(steps.unique("max"), x, one, CHANNELS, false));
    int below = steps.pair("shifted", x, steps.repeated(most), Elementwise.Operation.SUBTRACT);
    int powers = steps.function("exp", below, Activation.Function.EXPONENTIAL);
    int sum = steps.sum(powers);
    int logarithm = steps.function("log", sum, Activation.Function.LOGARITHM);
    in.finish(
        new Elementwise(
            steps.name,
            below,
            steps.repeated(logarithm),
            steps.type,
            Elementwise.Operation.SUBTRACT));
  }

  /** x / max(√Σx², 10⁻⁶). */
  static void unitLength(OperatorImport in) throws NetworkFileException, Unsupported {
    if (FusedActivation.of(in.options().i8(0, 0, "activation")) != FusedActivation.NONE) {
      throw new Unsupported("a fused activation");
    }
    if (!in.value(0).type().isFloat()) {
      codes(in);
      return;
    }
    NormalizeOperators steps = of(in);
    int x = in.value(0).tensor();
    int squares = steps.function("squares", x, Activation.Function.SQUARE);
    int root = steps.function("root", steps.sum(squares), Activation.Function.SQUARE_ROOT);
    int length =
        in.add(
            new ShapedActivation(
                steps.unique("length"),
                root,
                CHANNELS.of(steps.type),
                ShapedActivation.Formula.CLIP,
                1e-6f,
                Float.POSITIVE_INFINITY));
    in.finish(
        new Elementwise(
            steps.name, x, steps.repeated(length), steps.type, Elementwise.Operation.DIVIDE));
  }

  private static void codes(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    TensorType to = bytes(in, value);
    requireScale(in, to, 128, to.quantization().format().signed() ? 0 : 128);
    int zero = value.type().quantization().zeroPoint();
    in.finish(new UnitLength(in.name(), value.tensor(), to, zero));
  }

  /** The output of a function of the channels, of codes of 8 bits. */
  private static TensorType bytes(OperatorImport in, GraphValue value)
      throws NetworkFileException, Unsupported {
    in.requireShape(value.shape());
    TensorType to = in.made().made();
    if (value.type().channels() != value.shape().last()
        || to.isFloat()
        || to.quantization().format().bits() != 8
        || !value.type().quantization().format().equals(to.quantization().format())) {
      throw new Unsupported("%s of shape %s".formatted(value.type().kind(), value.shape()));
    }
    return to;
  }

  private static void requireScale(OperatorImport in, TensorType to, int steps, int zero)
      throws NetworkFileException {
    Quantization made = to.quantization();
    if (made.scale() != 1.0 / steps || made.zeroPoint() != zero) {
      throw in.bad(
          "its output must have scale 1/%d and zero point %d, got %s".formatted(steps, zero, made));
    }
  }

  private String unique(String step) {
    return in.graph().unique(name + "/" + step);
  }

  private int function(String step, int tensor, Activation.Function function) {
    return in.add(new Activation(unique(step), tensor, in.graph().type(tensor), function));
  }

  private int pair(String step, int left, int right, Elementwise.Operation operation) {
    return in.add(new Elementwise(unique(step), left, right, type, operation));
  }

  private int sum(int tensor) {
    TensorType one = CHANNELS.of(type);
    return in.add(new Reduce(unique("sum"), tensor, one, Reduce.Reduction.SUM, CHANNELS, false));
  }

  /** One number of each position for all channels. */
  private int repeated(int tensor) {
    List<Axis> axes = List.of(Axis.of(type.channels(), 0), Axis.of(type.positions(), 1));
    return in.add(new Rearrange(unique("repeated"), List.of(tensor), type, 0, axes));
  }
}
