package dev.narrows.network.layer;

import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.List;

/**
 * Learned positions: a number of its own is added to every element, in binary32.
 *
 * @param table [C][H][W], as the tensor it is added to
 */
public record Positions(String name, int input, TensorType output, float[] table)
    implements FloatFunction {
  public Positions {
    Checks.require(
        table.length == output.elements(),
        "need %d positions, got %d",
        output.elements(),
        table.length);
    Checks.finite("positions", table);
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor from = in.getFirst();
    return ImageTensor.fill(
        output, (c, y, x) -> Words.of(from.number(c, y, x) + table[output.at(c, y, x)]));
  }

  @Override
  public String kind() {
    return "positions";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.sameFloats(sources, output);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Positions that
        && name.equals(that.name)
        && input == that.input
        && output.equals(that.output)
        && Arrays.equals(table, that.table);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(table);
  }
}
