package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.check.Checks;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.program.CellEquations.GatedCell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The weights of one layer of a recurrent cell.
 *
 * @param layer its name
 * @param weights [rows][K]
 */
record GateWeights(String layer, float[] weights, int rows) {
  /** K. */
  int terms() {
    return weights.length / rows;
  }

  /**
   * The layers of one direction: of inputs, of states, and of states that are reset if the cell
   * resets them before it multiplies.
   *
   * @param w [directions, gates · H, inputs]
   * @param r [directions, gates · H, H]
   * @throws IllegalArgumentException if the weights have other shapes
   */
  static List<GateWeights> of(OnnxNode node, NdTensor w, NdTensor r, int direction) {
    CellEquations cell = CellEquations.of(node);
    Checks.require(
        w.rank() == 3 && r.rank() == 3, "expected weights of 3 dimensions, got %s and %s", w, r);
    int hidden = r.dims().get(2);
    int rows = cell.gates() * hidden;
    Checks.require(
        direction < w.dims().get(0)
            && direction < r.dims().get(0)
            && w.dims().get(1) == rows
            && r.dims().get(1) == rows
            && rows > 0
            && w.dims().get(2) > 0,
        "expected weights of %d rows, got %s and %s",
        rows,
        w,
        r);
    boolean resetFirst = cell instanceof GatedCell(boolean after) && !after;
    int stateRows = resetFirst ? 2 * hidden : rows;
    String prefix = node.name() + (direction == 1 ? ".reverse" : "");
    float[] states = part(r, direction, rows * hidden);
    List<GateWeights> all = new ArrayList<>();
    all.add(new GateWeights(prefix + ".W", part(w, direction, rows * w.dims().get(2)), rows));
    all.add(new GateWeights(prefix + ".R", Arrays.copyOf(states, stateRows * hidden), stateRows));
    if (resetFirst) {
      float[] reset = Arrays.copyOfRange(states, stateRows * hidden, states.length);
      all.add(new GateWeights(prefix + ".Rh", reset, hidden));
    }
    return all;
  }

  private static float[] part(NdTensor tensor, int direction, int elements) {
    return Arrays.copyOfRange(tensor.floats(), direction * elements, (direction + 1) * elements);
  }
}
