package dev.narrows.training.torch;

import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.qat.TrainingRegister;
import dev.narrows.training.qat.TrainingRegister.ExactRegister;
import dev.narrows.training.qat.TrainingRegister.ResolvedRegister;
import dev.narrows.training.qat.TrainingRegister.SimulatedRegister;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Runs sums of products of integers through a register.
 *
 * @see "docs/training.md, equation (28)"
 */
final class IntegerRegisterSums {
  private final CustomGradient custom;
  private final Workers workers;
  private final ActivationProducts products;

  IntegerRegisterSums(CustomGradient custom, Workers workers) {
    this.custom = custom;
    this.workers = workers;
    this.products = new ActivationProducts(custom, workers);
  }

  /**
   * The register's result for every sum of a dot layer.
   *
   * @param input integer-valued codes
   * @param weights integer-valued, output channel outermost in memory
   */
  Tensor apply(TrainingRegister register, DotNode dot, Tensor input, Tensor weights) {
    Tensor exact = Torch.dense(FloatGraph.products(dot, input, weights));
    return switch (register) {
      case ExactRegister _ -> exact;
      case ResolvedRegister resolved -> Torch.clamp(exact, resolved.min(), resolved.max());
      case SimulatedRegister simulated ->
          straightThrough(exact, simulate(simulated, dot, input, weights, exact));
    };
  }

  /**
   * The register's result for every sum of products of two activations.
   *
   * @param left integer-valued codes
   * @param right integer-valued codes
   */
  Tensor apply(TrainingRegister register, MatMulNode product, Tensor left, Tensor right) {
    Tensor exact = ActivationProducts.exact(product, left, right);
    return switch (register) {
      case ExactRegister _ -> exact;
      case ResolvedRegister resolved -> Torch.clamp(exact, resolved.min(), resolved.max());
      case SimulatedRegister simulated ->
          straightThrough(
              exact,
              products.simulate(simulated.simulator(), DotArrays.CODES, product, left, right));
    };
  }

  private Tensor simulate(
      SimulatedRegister register, DotNode dot, Tensor input, Tensor weights, Tensor exact) {
    Tensor result = torch.empty_like(exact.detach());
    Tensor x = Torch.dense(input);
    SimulatedLayer layer =
        SimulatedLayer.of(
            dot,
            Torch.shape(x),
            Torch.shape(exact),
            integers(Torch.dense(weights)),
            register.simulator(),
            DotArrays.CODES);
    MemorySegment source = Torch.floats(x);
    MemorySegment sums = Torch.floats(result);
    SimulatedLayer.run(
        (int) x.size(0), workers, (_, from, to) -> layer.sum(from, to, source, sums));
    return result;
  }

  private Tensor straightThrough(Tensor exact, Tensor result) {
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
