package dev.narrows.network.onnx.write;

import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.Window;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Average pooling. */
final class PoolNodes {
  private static final double CLOSE = 0x1p-20;

  private final GraphTensors tensors;
  private final GraphBuilder graph;
  private final ExportNotes notes;

  PoolNodes(GraphTensors tensors, ExportNotes notes) {
    this.tensors = tensors;
    this.graph = tensors.graph();
    this.notes = notes;
  }

  /** Of real numbers; padding is left out of sum and divisor. */
  OnnxValue mean(MeanPool pool, int tensor) {
    OnnxValue in = tensors.spatial(tensors.get(pool.input()), pool.input());
    return graph.node(
        "AveragePool",
        List.of(in),
        tensors.made(tensor, 4),
        attributes(pool.window(), false).toArray(AttributeProto[]::new));
  }

  private static List<AttributeProto> attributes(Window w, boolean padded) {
    List<AttributeProto> attributes = new ArrayList<>(Attributes.poolWindow(w));
    if (padded) {
      attributes.add(Attributes.integer("count_include_pad", 1));
    }
    return attributes;
  }

  /**
   * Whether a layer's factors are those of a mean between its scales, as an operator has no other.
   */
  boolean isMean(AveragePool pool) {
    double in = tensors.network().tensor(pool.input()).quantization().scale();
    double usual = in / pool.output().quantization().scale() / pool.terms();
    for (int c = 0; c < pool.requantization().channels(); c++) {
      double factor = FloatFactors.real(pool.requantization(), c);
      if (Math.abs(factor - usual) > CLOSE * usual) {
        return false;
      }
    }
    return true;
  }

  /** Of codes. */
  OnnxValue average(AveragePool pool, int tensor) {
    TensorType from = tensors.network().tensor(pool.input());
    Requantization requantization = pool.requantization();
    int[] row = new int[pool.terms()];
    Arrays.fill(row, 1);
    IntegerRange inputs =
        tensors.ranges().multiplied(tensors.network(), pool, ZeroPointConvention.OFFSET);
    SignSumBound bound = SignSumBound.of(new DotChannel(row, inputs));
    float in = (float) from.quantization().scale();
    float out = (float) pool.output().quantization().scale();
    float factor = in / (out * pool.terms());
    notes.gap(
        pool,
        RequantizationGap.of(
            requantization,
            new float[] {factor},
            new int[1],
            List.of(new IntegerRange(bound.lo(), bound.hi()))));
    boolean global = pool.window().equals(Window.covering(from));
    if (global
        && tensors.options().form() == OnnxForm.QOPERATOR
        && tensors.bytes(tensor)
        && tensors.type(tensor) == tensors.type(pool.input())) {
      return onCodes(pool, tensor);
    }
    OnnxValue x = tensors.spatial(tensors.number(pool.input()), pool.input());
    OnnxValue made =
        global
            ? graph.node(
                pool.name(), "", "GlobalAveragePool", List.of(x), tensors.numbers(tensor, 4))
            : graph.node(
                pool.name(),
                "",
                "AveragePool",
                List.of(x),
                tensors.numbers(tensor, 4),
                attributes(pool.window(), pool.window().padded() && !pool.inside())
                    .toArray(AttributeProto[]::new));
    return tensors.quantized(made, tensor, requantization.min(), requantization.max());
  }

  private OnnxValue onCodes(AveragePool pool, int tensor) {
    int min = pool.requantization().min();
    int max = pool.requantization().max();
    boolean clips = tensors.needsClip(tensor, min, max);
    OnnxValue made =
        graph.node(
            pool.name(),
            GraphBuilder.MICROSOFT,
            "QLinearGlobalAveragePool",
            List.of(
                tensors.spatial(tensors.get(pool.input()), pool.input()),
                tensors.scale(pool.input()),
                tensors.zeroPoint(pool.input()),
                tensors.scale(tensor),
                tensors.zeroPoint(tensor)),
            clips
                ? tensors.step(tensor, "unclipped", tensors.type(tensor), 4)
                : tensors.made(tensor, 4),
            Attributes.integer("channels_last", 0));
    return clips ? tensors.clipped(made, tensor, min, max) : made;
  }
}
