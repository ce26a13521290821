package dev.narrows.training.torch;

import dev.narrows.training.model.Node.Convolution;
import dev.narrows.training.model.Node.Dense;
import dev.narrows.training.model.Node.Dot;
import dev.narrows.training.qat.DotSimulator;
import dev.narrows.training.qat.TrainingRegister;
import dev.narrows.training.qat.TrainingRegister.Exact;
import dev.narrows.training.qat.TrainingRegister.Resolved;
import dev.narrows.training.qat.TrainingRegister.Simulated;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Runs a dot layer's sums through a register. */
final class Registers {
  private final CustomGradient custom;
  private final Workers workers;

  Registers(CustomGradient custom, Workers workers) {
    this.custom = custom;
    this.workers = workers;
  }

  /**
   * The register's result for every sum.
   *
   * @param input integer-valued codes
   * @param weights integer-valued, output channel outermost in memory
   */
  Tensor apply(TrainingRegister register, Dot dot, Tensor input, Tensor weights) {
    Tensor exact = Torch.dense(FloatGraph.products(dot, input, weights));
    return switch (register) {
      case Exact _ -> exact;
      case Resolved resolved -> Torch.clamp(exact, resolved.min(), resolved.max());
      case Simulated simulated -> simulate(simulated.simulator(), dot, input, weights, exact);
    };
  }

  private Tensor simulate(
      DotSimulator simulator, Dot dot, Tensor input, Tensor weights, Tensor exact) {
    Tensor result = torch.empty_like(exact.detach());
    Tensor passes = torch.empty_like(exact.detach());
    Tensor x = Torch.dense(input);
    int[] codes = integers(Torch.dense(weights));
    MemorySegment source = Torch.floats(x);
    MemorySegment sums = Torch.floats(result);
    MemorySegment mask = Torch.floats(passes);
    switch (dot) {
      case Convolution conv -> {
        Patches patches =
            new Patches(
                conv, (int) x.size(2), (int) x.size(3), (int) exact.size(2), (int) exact.size(3));
        workers.run(
            (int) x.size(0), image -> patches.sum(image, source, codes, simulator, sums, mask));
      }
      case Dense dense -> {
        int rows = (int) x.size(0);
        int[] inputs = integers(x);
        float[] out = new float[rows * dense.outputChannels()];
        float[] pass = new float[out.length];
        simulator.sum(rows, dense.terms(), dense.outputChannels(), inputs, codes, out, pass);
        MemorySegment.copy(out, 0, sums, ValueLayout.JAVA_FLOAT, 0, out.length);
        MemorySegment.copy(pass, 0, mask, ValueLayout.JAVA_FLOAT, 0, pass.length);
      }
    }
    return custom.attach(result, gradient -> new Tensor[] {gradient.mul(passes)}, exact);
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
