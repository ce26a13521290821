package dev.narrows.network.execute;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.layer.Add;
import dev.narrows.network.tensor.TensorType;
import java.util.function.IntUnaryOperator;

/** Addition with the scaled value of every input code looked up, where the codes are few. */
final class AddStep implements Step {
  private static final int MOST_BITS = 16;

  private final int index;
  private final Add add;
  private final int elements;
  private final Quantization left;
  private final Quantization right;
  private final boolean lookedUp;
  private final int[] leftTable;
  private final int[] rightTable;

  AddStep(int index, Add add, TensorType left, TensorType right) {
    this.index = index;
    this.add = add;
    this.elements = add.output().elements();
    this.left = left.quantization();
    this.right = right.quantization();
    this.lookedUp = Math.max(this.left.format().bits(), this.right.format().bits()) <= MOST_BITS;
    this.leftTable = lookedUp ? table(this.left, add::leftTerm) : new int[0];
    this.rightTable = lookedUp ? table(this.right, add::rightTerm) : new int[0];
  }

  private static int[] table(Quantization quantization, IntUnaryOperator term) {
    int min = (int) quantization.format().min();
    int[] table = new int[1 << quantization.format().bits()];
    for (int i = 0; i < table.length; i++) {
      table[i] = term.applyAsInt(min + i - quantization.zeroPoint());
    }
    return table;
  }

  @Override
  public void run(Workspace workspace, int[][] tensors, int batch) {
    int count = elements * batch;
    int[] sums = workspace.sums(count);
    if (lookedUp) {
      lookUp(tensors[add.left()], tensors[add.right()], sums, count);
    } else {
      compute(tensors[add.left()], tensors[add.right()], sums, count);
    }
    Requantizer.fixed(
        add.outputMultiplier(),
        add.output().quantization().zeroPoint(),
        add.min(),
        add.max(),
        sums,
        0,
        0,
        tensors[index],
        0,
        count);
  }

  private void lookUp(int[] a, int[] b, int[] sums, int count) {
    int leftMin = (int) left.format().min();
    int rightMin = (int) right.format().min();
    for (int i = 0; i < count; i++) {
      sums[i] = leftTable[a[i] - leftMin] + rightTable[b[i] - rightMin];
    }
  }

  private void compute(int[] a, int[] b, int[] sums, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] = add.leftTerm(a[i] - left.zeroPoint()) + add.rightTerm(b[i] - right.zeroPoint());
    }
  }
}
