package dev.narrows.training.torch;

import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.qat.FloatRegister;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * Sums a dot layer's products in a floating-point register: forward by the register's own
 * arithmetic, backward as if sums were exact, or stopped where the register's masks say.
 *
 * @see "docs/training.md, equation (30)"
 */
final class FloatRegisterSums {
  private final CustomGradient custom;
  private final Workers workers;

  FloatRegisterSums(CustomGradient custom, Workers workers) {
    this.custom = custom;
    this.workers = workers;
  }

  /**
   * The register's result for every sum.
   *
   * @param weights output channel outermost in memory, channels last
   * @param size one image's output
   */
  Tensor apply(
      FloatRegister register, DotNode dot, Tensor input, Tensor weights, FeatureMapShape size) {
    Tensor x = Torch.dense(input);
    SimulatedLayer.MaskedLayer layer =
        SimulatedLayer.masked(dot, Torch.shape(x), size, values(weights), register.simulator());
    int rows = (int) x.size(0);
    Tensor result =
        dot instanceof DenseNode
            ? Torch.emptyRows(rows, dot.outputChannels())
            : Torch.emptyImages(rows, size.channels(), size.height(), size.width());
    MemorySegment source = Torch.floats(x.detach());
    MemorySegment sums = Torch.floats(result);
    SimulatedLayer.run(rows, workers, (_, from, to) -> layer.sum(from, to, source, sums));
    if (!GradMode.is_enabled()) {
      return result;
    }
    return register.masked()
        ? custom.attach(result, g -> masked(layer, x, weights, g), x, weights)
        : custom.attach(result, g -> new Tensor[] {g}, FloatGraph.products(dot, input, weights));
  }

  private Tensor[] masked(
      SimulatedLayer.MaskedLayer layer, Tensor x, Tensor weights, Tensor gradient) {
    Tensor upstream = Torch.dense(gradient);
    Tensor inputs = Torch.emptyLike(x.detach());
    Tensor weightGradient = Torch.emptyLike(weights.detach());
    int rows = (int) x.size(0);
    float[][] parts =
        new float[SimulatedLayer.pieces(rows, workers)][Math.toIntExact(weights.numel())];
    MemorySegment source = Torch.floats(x.detach());
    MemorySegment from = Torch.floats(upstream);
    MemorySegment to = Torch.floats(inputs);
    SimulatedLayer.run(
        rows,
        workers,
        (piece, first, end) -> layer.backward(first, end, source, from, parts[piece], to));
    for (int piece = 1; piece < parts.length; piece++) {
      for (int i = 0; i < parts[0].length; i++) {
        parts[0][i] += parts[piece][i];
      }
    }
    MemorySegment.copy(
        parts[0], 0, Torch.floats(weightGradient), ValueLayout.JAVA_FLOAT, 0, parts[0].length);
    return new Tensor[] {inputs, weightGradient};
  }

  private static float[] values(Tensor weights) {
    return Torch.floats(Torch.dense(weights.detach())).toArray(ValueLayout.JAVA_FLOAT);
  }
}
