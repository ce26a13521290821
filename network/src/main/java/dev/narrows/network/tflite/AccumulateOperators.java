package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.IntegerElementwise.IntegerOperation;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.RunningSum;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.layer.ShapedActivation.Formula;
import dev.narrows.network.layer.Span;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** Operators that add up elements without weights, step by step as LiteRT does. */
final class AccumulateOperators {
  private static final float BELOW_HALF = Math.nextDown(0.5f);

  private AccumulateOperators() {}

  /** Tensors of one shape, one after the other. */
  static void all(OperatorImport in) throws NetworkFileException, Unsupported {
    TensorType to = in.made().made();
    int count = in.operator().inputs().length;
    GraphValue first = in.value(0);
    in.requireShape(first.shape());
    int sum = first.tensor();
    for (int i = 0; i < count; i++) {
      GraphValue next = in.value(i);
      if (!next.shape().equals(first.shape())
          || !next.type().equals(to)
          || !to.isFloat() && !TruthOperators.word(to)) {
        throw new Unsupported("%s to %s".formatted(next.type().describe(), to.describe()));
      }
      if (i > 0) {
        String name = FileOrder.name(in, "/sum");
        sum =
            to.isFloat()
                ? in.add(new Elementwise(name, sum, next.tensor(), to, Elementwise.Operation.ADD))
                : GatherOperators.pair(in, IntegerOperation.ADD, sum, next.tensor(), to);
      }
    }
    in.finish(new GraphValue(sum, first.shape(), to));
  }

  /** Each element and those before it along a dimension. */
  static void running(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    in.requireShape(value.shape());
    int axis = in.axis(in.integer(1, "dimension"), value.shape());
    if (!value.type().isFloat() && !TruthOperators.word(value.type())) {
      throw new Unsupported("of " + value.type().kind());
    }
    boolean exclusive = in.options().flag(0, "exclusive");
    boolean reverse = in.options().flag(1, "reverse");
    int data = along(in, value, axis);
    TensorType type = in.graph().type(data);
    String name = FileOrder.name(in, "/running");
    FileOrder.finish(in, 0, in.add(new RunningSum(name, data, type, exclusive, reverse)));
  }

  /** A value with a dimension as its rows. */
  private static int along(OperatorImport in, GraphValue value, int axis)
      throws NetworkFileException {
    List<Integer> dims = value.shape().dims();
    return FileOrder.of(
        in,
        value,
        FileOrder.product(dims.subList(0, axis)),
        dims.get(axis),
        FileOrder.product(dims.subList(axis + 1, dims.size())));
  }

  /** √(Σx² / count) of what a window sees. */
  static void rootOfSquares(OperatorImport in) throws NetworkFileException, Unsupported {
    ImageBatch images = ImageBatch.of(in, in.value(0));
    if (!images.image().isFloat()) {
      throw new Unsupported("of " + images.image().kind());
    }
    Window window = PoolOperators.window(images);
    GraphValue value = images.channels();
    TensorType to = PoolOperators.made(images, window);
    String name = in.name();
    int squares = function(in, value.tensor(), value.type(), Activation.Function.SQUARE);
    String pool = FileOrder.name(in, "/mean");
    int mean = in.add(new MeanPool(pool, squares, to, window, MeanPool.MeanOrder.ROWS));
    FusedActivation fused = FusedActivation.of(in.options().i8(5, 0, "activation"));
    Layer root =
        new Activation(FileOrder.name(in, "/root"), mean, to, Activation.Function.SQUARE_ROOT);
    images.finish(name, PointOperators.activated(in, root, fused));
  }

  private static int function(
      OperatorImport in, int tensor, TensorType type, Activation.Function function)
      throws NetworkFileException {
    return in.add(new Activation(FileOrder.name(in, "/" + function), tensor, type, function));
  }

  /** x · (bias + α·Σx²)^−β, summed over channels nearby. */
  static void localResponse(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    in.requireShape(value.shape());
    TensorType type = value.type();
    FlatTable options = in.options();
    int radius = options.i32(0, 0, "radius");
    if (!type.isFloat() || type.channels() != value.shape().last() || radius < 1) {
      throw new Unsupported("radius %d of %s".formatted(radius, value.shape()));
    }
    int channels = type.channels();
    int near = Math.min(radius, channels); // further ones are outside everywhere
    int positions = type.positions();
    int squares = function(in, value.tensor(), type, Activation.Function.SQUARE);
    TensorType padded = type.shaped(channels + 2 * near, positions, 1);
    List<Axis> outside =
        List.of(new Axis(channels + 2 * near, near, channels, positions), Axis.of(positions, 1));
    int wider = FileOrder.spread(in, squares, padded, outside);
    TensorType windows = type.shaped(2 * near, channels, positions); // the last is not seen
    int seen =
        FileOrder.spread(
            in,
            wider,
            windows,
            List.of(
                Axis.of(2 * near, positions), Axis.of(channels, positions), Axis.of(positions, 1)));
    Span over = Span.of(0);
    String name = FileOrder.name(in, "/nearby");
    int sum = in.add(new Reduce(name, seen, over.of(windows), Reduce.Reduction.SUM, over, false));
    int flat = in.add(Rearrange.joined(FileOrder.name(in, "/shape"), List.of(sum), type));
    int base =
        in.add(
            new ShapedActivation(
                FileOrder.name(in, "/base"),
                flat,
                type,
                Formula.LINEAR,
                options.f32(2, 0, "alpha"),
                options.f32(1, 0, "bias")));
    int power = constant(in, type, -options.f32(3, 0, "beta"));
    int factor = pair(in, base, power, type, Elementwise.Operation.POWER);
    in.finish(
        new Elementwise(in.name(), value.tensor(), factor, type, Elementwise.Operation.MULTIPLY));
  }

  private static int pair(
      OperatorImport in, int left, int right, TensorType type, Elementwise.Operation operation)
      throws NetworkFileException {
    return in.add(
        new Elementwise(FileOrder.name(in, "/" + operation), left, right, type, operation));
  }

  private static int constant(OperatorImport in, TensorType type, float number)
      throws NetworkFileException {
    TensorType one = type.shaped(1, 1, 1);
    int tensor = in.add(Constant.of(FileOrder.name(in, "/constant"), one, new float[] {number}));
    return FileOrder.spread(in, tensor, type, List.of(Axis.of(type.elements(), 0)));
  }

  /** Rounded to the values that codes of a range have, as training with such codes does. */
  static void fakeQuantized(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    in.requireShape(value.shape());
    FlatTable options = in.options();
    float min = options.f32(0, 0, "min");
    float max = options.f32(1, 0, "max");
    int bits = options.i32(2, 0, "num_bits");
    if (!value.type().isFloat() || bits < 2 || bits > 16 || !(min < max) || min > 0 || max < 0) {
      throw new Unsupported(
          "%d bits of [%s, %s] of %s".formatted(bits, min, max, value.type().kind()));
    }
    float least = options.flag(3, "narrow_range") ? 1 : 0;
    float most = (1 << bits) - 1;
    float scale = (max - min) / (most - least);
    float exact = least - min / scale;
    float zero = Math.clamp((float) Math.floor(exact + BELOW_HALF), least, most);
    float low = (least - zero) * scale;
    float high = (most - zero) * scale;
    int clipped = shaped(in, value, Formula.CLIP, low, high);
    GraphValue inside = new GraphValue(clipped, value.shape(), value.type());
    int above = shaped(in, inside, Formula.LINEAR, 1, -low);
    GraphValue shifted = new GraphValue(above, value.shape(), value.type());
    int steps = shaped(in, shifted, Formula.LINEAR, 1 / scale, BELOW_HALF);
    int whole = function(in, steps, value.type(), Activation.Function.FLOOR);
    in.finish(new ShapedActivation(in.name(), whole, value.type(), Formula.LINEAR, scale, low));
  }

  private static int shaped(
      OperatorImport in, GraphValue value, Formula formula, float alpha, float beta)
      throws NetworkFileException {
    return in.add(
        new ShapedActivation(
            FileOrder.name(in, "/" + formula), value.tensor(), value.type(), formula, alpha, beta));
  }
}
