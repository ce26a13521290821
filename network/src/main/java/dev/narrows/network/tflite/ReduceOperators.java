package dev.narrows.network.tflite;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.Extremum;
import dev.narrows.network.layer.ExtremumIndex;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.IntegerElementwise.IntegerOperation;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.RunningSum;
import dev.narrows.network.layer.Span;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** Elements along some dimensions taken together: sums, means, extremes and where they are. */
final class ReduceOperators {
  private static final ElementKind INDEX =
      new ElementKind.Codes(new Quantization(IntegerFormat.signed(32), 1, 0));

  private ReduceOperators() {}

  static void of(OperatorImport in, Operator kind) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    boolean[] axes = in.axes(1, value.shape());
    ElementKind made = in.made().kind();
    boolean codes = !value.type().isFloat();
    if ((kind == Operator.SUM || kind == Operator.MEAN) && TruthOperators.word(value.type())) {
      words(in, value, axes, kind == Operator.MEAN);
      return;
    }
    boolean sums = codes && (kind == Operator.SUM || kind == Operator.MEAN);
    if (sums) {
      requireSummable(value.type(), made);
    } else if (!made.equals(value.type().kind()) || codes && kind == Operator.REDUCE_PROD) {
      throw new Unsupported("%s to %s".formatted(value.type().kind(), made));
    }
    ReducedAxes reduction = ReducedAxes.of(in, value, axes, !sums);
    String name = in.name();
    TensorType to = reduction.made(made);
    int tensor = reduction.tensor();
    Span over = reduction.span();
    Layer layer =
        switch (kind) {
          case REDUCE_MAX, REDUCE_ANY -> new Extremum(name, tensor, to, over, false);
          case REDUCE_MIN, REDUCE_ALL -> new Extremum(name, tensor, to, over, true);
          case REDUCE_PROD -> new Reduce(name, tensor, to, Reduce.Reduction.PRODUCT, over, false);
          case SUM ->
              sums
                  ? pool(name, reduction, to, false)
                  : new Reduce(name, tensor, to, Reduce.Reduction.SUM, over, false);
          default ->
              sums
                  ? pool(name, reduction, to, true)
                  : new Reduce(name, tensor, to, Reduce.Reduction.MEAN, over, false);
        };
    reduction.finish(layer, in.options().flag(0, "keep_dims"), axes);
  }

  /** The sum of 32-bit integers, which wraps around, or that divided by their number. */
  private static void words(OperatorImport in, GraphValue value, boolean[] axes, boolean mean)
      throws NetworkFileException, Unsupported {
    if (!in.made().kind().equals(value.type().kind())) {
      throw new Unsupported("%s to %s".formatted(value.type().kind(), in.made().kind()));
    }
    ReducedAxes rows = ReducedAxes.rows(in, value, axes);
    TensorType type = rows.type();
    List<Axis> turn = List.of(Axis.of(type.width(), 1), Axis.of(type.height(), type.width()));
    TensorType columns = type.shaped(1, type.width(), type.height());
    int turned = FileOrder.spread(in, rows.tensor(), columns, turn);
    String running = FileOrder.name(in, "/running");
    int sums = in.add(new RunningSum(running, turned, columns, false, false));
    TensorType to = rows.made(value.type().kind());
    int last = (type.width() - 1) * type.height();
    Rearrange all =
        new Rearrange(
            FileOrder.name(in, "/sum"),
            List.of(sums),
            to,
            last,
            List.of(Axis.of(type.height(), 1)));
    Layer layer = all;
    if (mean) {
      int count = FileOrder.repeated(in, to, type.width());
      layer =
          new IntegerElementwise(
              FileOrder.name(in, "/mean"), in.add(all), count, to, IntegerOperation.DIVIDE, false);
    }
    rows.finish(layer, in.options().flag(0, "keep_dims"), axes);
  }

  private static void requireSummable(TensorType from, ElementKind to) throws Unsupported {
    if (!(to instanceof ElementKind.Codes(Quantization made))
        || !made.format().equals(from.quantization().format())) {
      throw new Unsupported("%s to %s".formatted(from.kind(), to));
    }
  }

  /** The sum of codes, whose number a mean puts into the multiplier. */
  private static AveragePool pool(String name, ReducedAxes reduction, TensorType to, boolean mean) {
    TensorType from = reduction.type();
    Span over = reduction.span();
    Window window =
        new Window(
            over.rows() ? from.height() : 1,
            over.columns() ? from.width() : 1,
            1,
            1,
            1,
            1,
            0,
            0,
            0,
            0);
    Quantization made = to.quantization();
    FixedPoint factor = FixedPoint.fromReal(from.quantization().scale() / made.scale());
    return new AveragePool(
        name,
        reduction.tensor(),
        to,
        window,
        new FixedPointMultiplier(
            List.of(mean ? ScaleOperators.divided(factor, window.taps()) : factor),
            made.zeroPoint(),
            (int) made.format().min(),
            (int) made.format().max()),
        ZeroPointConvention.RAW);
  }

  /** Where along one dimension the largest or smallest element is; of equal ones the first. */
  static void index(OperatorImport in, boolean least) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    boolean[] axes = new boolean[value.shape().rank()];
    axes[in.axis(in.integer(1, "dimension"), value.shape())] = true;
    FileElementType type = in.made().type();
    if (type != FileElementType.INT32 && type != FileElementType.INT64) {
      throw new Unsupported("to " + type);
    }
    ReducedAxes reduction = ReducedAxes.of(in, value, axes, true);
    ExtremumIndex layer =
        new ExtremumIndex(
            in.name(), reduction.tensor(), reduction.made(INDEX), reduction.span(), least, false);
    reduction.finish(layer, false, axes);
  }
}
