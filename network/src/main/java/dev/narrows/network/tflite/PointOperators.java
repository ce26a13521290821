package dev.narrows.network.tflite;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.IntegerSoftmax;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.WideSoftmax;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** Operators that work element by element on one tensor, and softmax. */
final class PointOperators {
  private PointOperators() {}

  /** Adds a layer and, for real numbers, the activation that it could not take in. */
  static void finish(OperatorImport in, Layer layer, FusedActivation left)
      throws NetworkFileException, Unsupported {
    if (left == FusedActivation.NONE) {
      in.finish(layer);
    } else {
      in.finish(activation(in, in.add(layer), layer, function(left)));
    }
  }

  /** Adds a layer between and its activation; the index of the tensor that they make. */
  static int activated(OperatorImport in, Layer layer, FusedActivation left) {
    int tensor = in.add(layer);
    return left == FusedActivation.NONE
        ? tensor
        : in.add(activation(in, tensor, layer, function(left)));
  }

  /** The index of what an activation makes of a tensor. */
  static int activated(
      OperatorImport in, String name, int tensor, TensorType type, FusedActivation left) {
    if (left == FusedActivation.NONE) {
      return tensor;
    }
    Activation.Function function = function(left);
    String own = in.graph().unique(name + "/" + function);
    return in.add(new Activation(own, tensor, type, function));
  }

  private static Activation.Function function(FusedActivation activation) {
    return switch (activation) {
      case RELU -> Activation.Function.RELU;
      case RELU6 -> Activation.Function.RELU6;
      case RELU_N1_TO_1 -> Activation.Function.RELU_N1_TO_1;
      case RELU_0_TO_1 -> Activation.Function.RELU_0_TO_1;
      case NONE -> throw new IllegalStateException("no function");
    };
  }

  private static Activation activation(
      OperatorImport in, int tensor, Layer layer, Activation.Function function) {
    String name = in.graph().unique(layer.name() + "/" + function);
    return new Activation(name, tensor, layer.output(), function);
  }

  /** A function of real numbers, each by itself. */
  static void floatFunction(OperatorImport in, Activation.Function function)
      throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    in.requireShape(value.shape());
    in.finish(new Activation(in.name(), value.tensor(), in.made().made(), function));
  }

  static void relu(OperatorImport in, FusedActivation activation)
      throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    in.requireShape(value.shape());
    TensorType to = in.made().made();
    if (to.isFloat()) {
      in.finish(new Activation(in.name(), value.tensor(), to, function(activation)));
      return;
    }
    requireFormat(value, to.quantization().format());
    IntegerRange codes = activation.codes(to.quantization());
    int min = (int) codes.min();
    int max = (int) codes.max();
    if (to.equals(value.type())) {
      in.finish(new Clamp(in.name(), value.tensor(), to, min, max));
      return;
    }
    Quantization from = value.type().quantization();
    Quantization made = to.quantization();
    float factor = (float) from.scale() / (float) made.scale();
    in.finish(
        new Rescale(
            in.name(),
            value.tensor(),
            to,
            FixedPointMultiplier.fromReals(new double[] {factor}, made.zeroPoint(), min, max)));
  }

  static void softmax(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    in.requireShape(value.shape());
    float beta = in.options().f32(0, 0, "beta");
    TensorType to = in.made().made();
    if (value.type().channels() != value.shape().last()) {
      throw new Unsupported("input of shape " + value.shape());
    }
    if (to.isFloat()) {
      floatSoftmax(in, value, to, beta);
      return;
    }
    if (to.quantization().format().bits() == 16) {
      wide(in, value, to, beta);
      return;
    }
    requireBytes(value.type());
    requireBytes(to);
    Quantization made = to.quantization();
    if (made.zeroPoint() != made.format().min() || Math.abs(made.scale() * 256 - 1) > 0.001) {
      throw in.bad("its output must have scale 1/256 from the smallest code on, got " + made);
    }
    in.finish(IntegerSoftmax.of(in.name(), value.tensor(), value.type(), to, beta));
  }

  private static void wide(OperatorImport in, GraphValue value, TensorType to, float beta)
      throws NetworkFileException, Unsupported {
    Quantization made = to.quantization();
    requireFormat(value, made.format());
    Quantization from = value.type().quantization();
    if (from.zeroPoint() != 0
        || made.zeroPoint() != 0
        || Math.abs(made.scale() * (1 << 15) - 1) > 0.001) {
      throw in.bad("its output must have scale 1/32768, both zero point 0, got " + made);
    }
    double factor = (float) from.scale() * beta / (10.0 / 65535);
    in.finish(new WideSoftmax(in.name(), value.tensor(), to, FixedPoint.fromReal(factor)));
  }

  /** The rows of {@link Softmax} are along the width, so channels go there and back. */
  private static void floatSoftmax(OperatorImport in, GraphValue value, TensorType to, float beta)
      throws NetworkFileException, Unsupported {
    int channels = to.channels();
    int positions = to.positions();
    TensorType rows = to.shaped(1, positions, channels);
    List<Rearrange.Axis> there =
        List.of(Rearrange.Axis.of(positions, 1), Rearrange.Axis.of(channels, positions));
    List<Rearrange.Axis> back =
        List.of(Rearrange.Axis.of(channels, 1), Rearrange.Axis.of(positions, channels));
    String name = in.name();
    int turned =
        in.add(
            new Rearrange(
                in.graph().unique(name + "/rows"), List.of(value.tensor()), rows, 0, there));
    int weights =
        in.add(new Softmax(in.graph().unique(name + "/softmax"), turned, rows, beta, false));
    in.finish(new Rearrange(name, List.of(weights), to, 0, back));
  }

  private static void requireFormat(GraphValue value, IntegerFormat format) throws Unsupported {
    if (value.type().isFloat() || !value.type().quantization().format().equals(format)) {
      throw new Unsupported("%s to %s".formatted(value.type().kind(), format));
    }
  }

  private static void requireBytes(TensorType type) throws Unsupported {
    if (type.isFloat() || type.quantization().format().bits() != 8) {
      throw new Unsupported("elements of " + type.kind());
    }
  }
}
