package dev.narrows.training.torch;

import dev.narrows.training.model.FloatNode.MatMulNode;
import dev.narrows.training.qat.DotSimulator.DotBlock;
import dev.narrows.training.qat.FloatRegister;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * Sums products of two activations in a floating-point register: one matrix product an example and
 * head, forward by the register's own arithmetic, backward as if sums were exact.
 *
 * @see "docs/training.md, Floating-point registers in training"
 */
final class FloatProducts {
  private final CustomGradient custom;
  private final Workers workers;

  FloatProducts(CustomGradient custom, Workers workers) {
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

  /** The register's result for every sum. */
  Tensor apply(FloatRegister register, MatMulNode product, Tensor left, Tensor right) {
    if (register.masked()) {
      throw new IllegalArgumentException(
          "gradients of " + product.name() + " cannot be masked: both its factors are activations");
    }
    Operands operands = Operands.of(product, left.detach(), right.detach());
    Tensor a = operands.left().contiguous();
    Tensor b = operands.right().contiguous();
    int matrices = Math.toIntExact(a.size(0) * a.size(1));
    int rows = (int) a.size(2);
    int terms = (int) a.size(3);
    int columns = (int) b.size(3);
    Tensor sums = Torch.emptyRows(matrices, rows * columns);
    MemorySegment first = Torch.floats(a);
    MemorySegment second = Torch.floats(b);
    MemorySegment to = Torch.floats(sums);
    workers.run(
        matrices,
        matrix -> {
          float[] weights = floats(first, matrix, rows * terms);
          DotBlock<float[]> block =
              register.simulator().prepare(rows, terms, weights).block(columns);
          for (int k = 0; k < terms; k++) {
            long at = 4L * ((long) matrix * terms + k) * columns;
            MemorySegment.copy(
                second, ValueLayout.JAVA_FLOAT, at, block.inputs(), k * block.stride(), columns);
          }
          float[] held = new float[rows * columns];
          block.sum(held);
          long at = 4L * matrix * held.length;
          MemorySegment.copy(held, 0, to, ValueLayout.JAVA_FLOAT, at, held.length);
        });
    Tensor result = shaped(product, sums.view(a.size(0), a.size(1), a.size(2), b.size(3))).detach();
    return GradMode.is_enabled()
        ? custom.attach(result, g -> new Tensor[] {g}, exact(product, left, right))
        : result;
  }

  private static float[] floats(MemorySegment source, int matrix, int count) {
    float[] values = new float[count];
    MemorySegment.copy(source, ValueLayout.JAVA_FLOAT, 4L * matrix * count, values, 0, count);
    return values;
  }
}
