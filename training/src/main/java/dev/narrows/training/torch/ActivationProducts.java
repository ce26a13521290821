package dev.narrows.training.torch;

import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.qat.DotSimulator;
import dev.narrows.training.qat.DotSimulator.DotBlock;
import dev.narrows.training.qat.FloatRegister;
import java.lang.foreign.MemorySegment;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * Sums products of two activations in a register: one matrix product an example and head.
 *
 * @see "docs/training.md, Products of activations"
 */
final class ActivationProducts {
  private final CustomGradient custom;
  private final Workers workers;

  ActivationProducts(CustomGradient custom, Workers workers) {
    this.custom = custom;
    this.workers = workers;
  }

  /**
   * A product as matrices [N][H][rows][K] times [N][H][K][columns]. For scores rows are queries and
   * columns keys; for a mix rows are a head's features and columns queries, so that the result is
   * in its place already.
   */
  private record Operands(Tensor left, Tensor right) {
    static Operands of(MatMulNode product, Tensor left, Tensor right) {
      return switch (product.form()) {
        case SCORES -> new Operands(heads(product, left).transpose(2, 3), heads(product, right));
        case MIX -> new Operands(heads(product, right), left.transpose(2, 3));
      };
    }

    /** [N][H·d][T][1] to [N][H][d][T]. */
    private static Tensor heads(MatMulNode product, Tensor tensor) {
      int heads = product.heads();
      return tensor.reshape(tensor.size(0), heads, tensor.size(1) / heads, tensor.size(2));
    }
  }

  /** The product by libtorch. */
  static Tensor exact(MatMulNode product, Tensor left, Tensor right) {
    Operands operands = Operands.of(product, left, right);
    Tensor made = operands.left().matmul(operands.right());
    return shaped(product, made);
  }

  private static Tensor shaped(MatMulNode product, Tensor made) {
    return switch (product.form()) {
      case SCORES -> made;
      case MIX -> made.reshape(made.size(0), made.size(1) * made.size(2), made.size(3), 1);
    };
  }

  /** The register's result for every sum; backward as if sums were exact. */
  Tensor apply(FloatRegister register, MatMulNode product, Tensor left, Tensor right) {
    if (register.masked()) {
      throw new IllegalArgumentException(
          "gradients of " + product.name() + " cannot be masked: both its factors are activations");
    }
    Tensor result = simulate(register.simulator(), DotArrays.FLOATS, product, left, right);
    return GradMode.is_enabled()
        ? custom.attach(result, g -> new Tensor[] {g}, exact(product, left, right))
        : result;
  }

  /** The simulator's result for every sum, without a gradient. */
  <A> Tensor simulate(
      DotSimulator<A> simulator,
      DotArrays<A> arrays,
      MatMulNode product,
      Tensor left,
      Tensor right) {
    Operands operands = Operands.of(product, left.detach(), right.detach());
    Tensor a = operands.left().contiguous();
    Tensor b = operands.right().transpose(2, 3).contiguous();
    int matrices = Math.toIntExact(a.size(0) * a.size(1));
    int rows = (int) a.size(2);
    int terms = (int) a.size(3);
    int columns = (int) b.size(2);
    Tensor sums = Torch.emptyRows(matrices, rows * columns);
    MemorySegment first = Torch.floats(a);
    MemorySegment second = Torch.floats(b);
    MemorySegment to = Torch.floats(sums);
    workers.run(
        matrices,
        matrix -> {
          float[] between = new float[Math.max(Math.max(rows, columns) * terms, rows * columns)];
          A weights = arrays.zeros(rows * terms);
          arrays.read(first, matrix, 1, rows * terms, between, weights, 1);
          DotBlock<A> block = simulator.prepare(rows, terms, weights).block(columns);
          long row = (long) matrix * columns;
          arrays.read(second, row, columns, terms, between, block.inputs(), block.stride());
          A held = arrays.zeros(rows * columns);
          block.sum(held);
          arrays.write(held, 1, 1, rows * columns, between, to, matrix);
        });
    return shaped(product, sums.view(a.size(0), a.size(1), a.size(2), b.size(2))).detach();
  }
}
