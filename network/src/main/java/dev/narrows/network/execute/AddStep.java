package dev.narrows.network.execute;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Add;
import dev.narrows.network.TensorType;
import java.util.function.IntUnaryOperator;

/** Addition with the scaled value of every input code looked up. */
final class AddStep implements Step {
  private final int index;
  private final Add add;
  private final int elements;
  private final int leftMin;
  private final int rightMin;
  private final int[] leftTable;
  private final int[] rightTable;

  AddStep(int index, Add add, TensorType left, TensorType right) {
    this.index = index;
    this.add = add;
    this.elements = add.output().elements();
    this.leftMin = (int) left.quantization().format().min();
    this.rightMin = (int) right.quantization().format().min();
    this.leftTable = table(left.quantization(), add::leftTerm);
    this.rightTable = table(right.quantization(), add::rightTerm);
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
    int[] left = tensors[add.left()];
    int[] right = tensors[add.right()];
    int count = elements * batch;
    int[] sums = workspace.sums(count);
    for (int i = 0; i < count; i++) {
      sums[i] = leftTable[left[i] - leftMin] + rightTable[right[i] - rightMin];
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
}
