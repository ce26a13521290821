package dev.narrows.training.torch;

import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import dev.narrows.training.qat.IntegerDotSimulator.IntegerDotBlock;
import dev.narrows.training.qat.TrainingRegister;
import dev.narrows.training.qat.TrainingRegister.ExactRegister;
import dev.narrows.training.qat.TrainingRegister.ResolvedRegister;
import dev.narrows.training.qat.TrainingRegister.SimulatedRegister;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Runs a dot layer's sums through a register.
 *
 * @see "docs/training.md, equation (28)"
 */
final class IntegerRegisterSums {
  /** More pieces than threads, because cores are shared and threads do not progress evenly. */
  private static final int PIECES_A_THREAD = 4;

  private final CustomGradient custom;
  private final Workers workers;

  IntegerRegisterSums(CustomGradient custom, Workers workers) {
    this.custom = custom;
    this.workers = workers;
  }

  /**
   * The register's result for every sum.
   *
   * @param input integer-valued codes
   * @param weights integer-valued, output channel outermost in memory
   */
  Tensor apply(TrainingRegister register, DotNode dot, Tensor input, Tensor weights) {
    Tensor exact = Torch.dense(FloatGraph.products(dot, input, weights));
    return switch (register) {
      case ExactRegister _ -> exact;
      case ResolvedRegister resolved -> Torch.clamp(exact, resolved.min(), resolved.max());
      case SimulatedRegister simulated -> simulate(simulated, dot, input, weights, exact);
    };
  }

  private Tensor simulate(
      SimulatedRegister register, DotNode dot, Tensor input, Tensor weights, Tensor exact) {
    Tensor result = torch.empty_like(exact.detach());
    Tensor x = Torch.dense(input);
    int[] codes = integers(Torch.dense(weights));
    MemorySegment source = Torch.floats(x);
    MemorySegment sums = Torch.floats(result);
    switch (dot) {
      case ConvolutionNode _, TransposedConvolutionNode _ -> {
        IntegerPatches patches =
            new IntegerPatches(
                KernelTaps.of(
                    dot,
                    new FeatureMapShape((int) x.size(1), (int) x.size(2), (int) x.size(3)),
                    new FeatureMapShape(
                        dot.outputChannels(), (int) exact.size(2), (int) exact.size(3))),
                codes,
                register.simulator());
        int images = (int) x.size(0);
        int pieces = Math.min(images, workers.threads() * PIECES_A_THREAD);
        workers.run(
            pieces,
            i ->
                patches.sum(
                    (int) ((long) images * i / pieces),
                    (int) ((long) images * (i + 1) / pieces),
                    source,
                    sums));
      }
      case DenseNode dense -> {
        int rows = (int) x.size(0);
        int channels = dense.outputChannels();
        IntegerDotBlock block =
            register.simulator().prepare(channels, dense.terms(), codes).block(rows);
        int[] inputs = integers(x);
        for (int row = 0; row < rows; row++) {
          for (int k = 0; k < dense.terms(); k++) {
            block.inputs()[k * block.stride() + row] = inputs[row * dense.terms() + k];
          }
        }
        int[] held = new int[channels * rows];
        block.sum(held);
        for (int row = 0; row < rows; row++) {
          for (int c = 0; c < channels; c++) {
            sums.setAtIndex(
                ValueLayout.JAVA_FLOAT, (long) row * channels + c, held[c * rows + row]);
          }
        }
      }
    }
    return custom.attach(
        result,
        gradient -> new Tensor[] {gradient.mul(passes(exact.detach(), result.detach()))},
        exact);
  }

  /** 1 where the gradient of a register's result reaches the exact sum, else 0. */
  private static Tensor passes(Tensor exact, Tensor result) {
    return result.eq(exact).to(torch.ScalarType.Float);
  }

  static int[] integers(Tensor tensor) {
    float[] values = Torch.floats(tensor).toArray(ValueLayout.JAVA_FLOAT);
    int[] integers = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      integers[i] = (int) values[i];
    }
    return integers;
  }
}
