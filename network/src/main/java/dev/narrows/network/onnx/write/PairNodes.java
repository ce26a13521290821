package dev.narrows.network.onnx.write;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.CodeExtremum;
import dev.narrows.network.layer.CodePair;
import dev.narrows.network.layer.FloatScaledAdd;
import dev.narrows.network.layer.FloatScaledMultiply;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Multiply;
import java.util.List;
import java.util.Optional;

/** Functions of two tensors of codes. */
final class PairNodes {
  private static final int MOST_PAIRS = 1 << 16;
  private static final double CLOSE = 0x1p-20;

  private final GraphTensors tensors;
  private final GraphBuilder graph;
  private final ExportNotes notes;

  PairNodes(GraphTensors tensors, ExportNotes notes) {
    this.tensors = tensors;
    this.graph = tensors.graph();
    this.notes = notes;
  }

  private Quantization codes(int tensor) {
    return tensors.network().tensor(tensor).quantization();
  }

  /** A sum, difference or product by the form's usual operators. */
  OnnxValue of(CodePair layer, int tensor) {
    if (!(layer instanceof FloatScaledAdd || layer instanceof FloatScaledMultiply)) {
      count(layer, tensor); // those are ONNX Runtime's own
    }
    boolean clips = tensors.needsClip(tensor, layer.min(), layer.max());
    boolean codes =
        tensors.options().form() == OnnxForm.QOPERATOR
            && tensors.bytes(tensor)
            && tensors.type(tensor) == tensors.type(layer.left())
            && tensors.type(tensor) == tensors.type(layer.right())
            && (operator(layer).equals("Add") || operator(layer).equals("Mul"));
    OnnxValue left = codes ? tensors.get(layer.left()) : tensors.number(layer.left());
    OnnxValue right = codes ? tensors.get(layer.right()) : tensors.number(layer.right());
    if (left.rank() != right.rank()) {
      left = tensors.spatial(left, layer.left());
      right = tensors.spatial(right, layer.right());
    }
    int rank = left.rank();
    if (!codes) {
      OnnxValue made =
          graph.node(
              layer.name(),
              "",
              operator(layer),
              List.of(left, right),
              tensors.numbers(tensor, rank));
      return tensors.quantized(made, tensor, layer.min(), layer.max());
    }
    List<OnnxValue> operands = operands(left, layer.left(), right, layer.right(), tensor);
    OnnxValue made =
        graph.node(
            layer.name(),
            GraphBuilder.MICROSOFT,
            "QLinear" + operator(layer),
            operands,
            result(tensor, clips, rank));
    return clips ? tensors.clipped(made, tensor, layer.min(), layer.max()) : made;
  }

  /** What an operator on codes takes: both operands and the output, each with its grid. */
  private List<OnnxValue> operands(
      OnnxValue left, int leftTensor, OnnxValue right, int rightTensor, int tensor) {
    return List.of(
        left,
        tensors.scale(leftTensor),
        tensors.zeroPoint(leftTensor),
        right,
        tensors.scale(rightTensor),
        tensors.zeroPoint(rightTensor),
        tensors.scale(tensor),
        tensors.zeroPoint(tensor));
  }

  /** What an operator on codes makes: the tensor, or what a clip behind it takes. */
  private OnnxValue result(int tensor, boolean clips, int rank) {
    return clips
        ? tensors.step(tensor, "unclipped", tensors.type(tensor), rank)
        : tensors.made(tensor, rank);
  }

  /** Whether the multipliers are those of the tensors' scales, as an operator has no others. */
  boolean isUsual(CodePair layer, int tensor) {
    double left = codes(layer.left()).scale();
    double right = codes(layer.right()).scale();
    double out = codes(tensor).scale();
    return switch (layer) {
      case Add add -> {
        double both = Math.scalb(add.outputMultiplier().real(), add.leftShift());
        yield close(add.leftMultiplier().real() * both, left / out)
            && close(add.rightMultiplier().real() * both, right / out);
      }
      case Multiply product -> close(product.multiplier().real(), left * right / out);
      case CodeExtremum _ -> true;
      case FloatScaledAdd add ->
          add.leftRatio() == (float) left / (float) out
              && add.rightRatio() == (float) right / (float) out;
      case FloatScaledMultiply product ->
          product.ratio() == (float) left * (float) right / (float) out;
      default -> false;
    };
  }

  private static String operator(CodePair layer) {
    return switch (layer) {
      case Add add -> add.subtracts() ? "Sub" : "Add";
      case FloatScaledAdd _ -> "Add";
      case CodeExtremum extremum -> extremum.least() ? "Min" : "Max";
      default -> "Mul";
    };
  }

  private static float real(CodePair layer, float left, float right) {
    return switch (layer) {
      case Add add -> add.subtracts() ? left - right : left + right;
      case FloatScaledAdd _ -> left + right;
      case CodeExtremum extremum ->
          extremum.least() ? Math.min(left, right) : Math.max(left, right);
      default -> left * right;
    };
  }

  private static boolean close(double made, double wanted) {
    return Math.abs(made - wanted) <= CLOSE * wanted;
  }

  /** Says how many pairs of codes give another code in binary32, each step rounded. */
  private void count(CodePair layer, int tensor) {
    IntegerRange left = tensors.ranges().tensor(layer.left());
    IntegerRange right = tensors.ranges().tensor(layer.right());
    long all = (left.max() - left.min() + 1) * (right.max() - right.min() + 1);
    if (all > MOST_PAIRS) {
      notes.add(layer, "codes can differ by ONNX's arithmetic in float32; not counted");
      return;
    }
    int leftZero = codes(layer.left()).zeroPoint();
    int rightZero = codes(layer.right()).zeroPoint();
    float leftScale = (float) codes(layer.left()).scale();
    float rightScale = (float) codes(layer.right()).scale();
    float scale = (float) codes(tensor).scale();
    long differing = 0;
    for (long l = left.min() - leftZero; l <= left.max() - leftZero; l++) {
      for (long r = right.min() - rightZero; r <= right.max() - rightZero; r++) {
        float a = l * leftScale;
        float b = r * rightScale;
        float real = real(layer, a, b);
        double code = Math.rint(real / scale) + codes(tensor).zeroPoint();
        double held = Math.clamp(code, (double) layer.min(), (double) layer.max());
        differing += held == layer.apply((int) l, (int) r) ? 0 : 1;
      }
    }
    if (differing > 0) {
      notes.add(
          layer,
          "%,d of its %,d pairs of codes give another code by ONNX's arithmetic in float32"
              .formatted(differing, all));
    }
  }

  /** Products of two activations, head by head. */
  OnnxValue product(IntegerMatMul layer, int tensor) {
    double wanted = FloatFactors.real(layer.requantization(), 0);
    double usual =
        codes(layer.left()).scale() * codes(layer.right()).scale() / codes(tensor).scale();
    if (!close(wanted, usual)) {
      throw new CannotExpress("has a factor that is not that of its scales");
    }
    notes.gap(layer, Optional.empty());
    int min = layer.requantization().min();
    int max = layer.requantization().max();
    boolean codes =
        tensors.options().form() == OnnxForm.QOPERATOR
            && tensors.bytes(tensor)
            && tensors.type(layer.left()) == tensors.type(tensor)
            && tensors.type(layer.right()) == tensors.type(tensor);
    OnnxValue left = heads(layer, layer.left(), codes, true);
    OnnxValue right = heads(layer, layer.right(), codes, false);
    if (!codes) {
      OnnxValue made =
          graph.node(layer.name(), "", "MatMul", List.of(left, right), tensors.numbers(tensor, 4));
      return tensors.quantized(made, tensor, min, max);
    }
    boolean clips = tensors.needsClip(tensor, min, max);
    OnnxValue made =
        graph.node(
            layer.name(),
            "",
            "QLinearMatMul",
            operands(left, layer.left(), right, layer.right(), tensor),
            result(tensor, clips, 4));
    return clips ? tensors.clipped(made, tensor, min, max) : made;
  }

  /** [N][H][K][T], or [N][H][T][K] for the left. */
  private OnnxValue heads(IntegerMatMul layer, int input, boolean codes, boolean turned) {
    OnnxValue in = tensors.spatial(codes ? tensors.get(input) : tensors.number(input), input);
    long heads = layer.heads();
    OnnxValue split =
        tensors.shaped(
            in,
            turned ? "left" : "right",
            List.of(in.size(0), heads, in.size(1) / heads, in.size(2)));
    return turned
        ? graph.node(
            "Transpose",
            List.of(split),
            OnnxValue.plain(
                graph.free(split.name() + ".turned"),
                split.type(),
                List.of(split.size(0), heads, split.size(3), split.size(2))),
            Attributes.integers("perm", 0, 1, 3, 2))
        : split;
  }
}
