package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.check.Checks;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.program.CellEquations.GatedCell;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The weights of one layer of a recurrent cell.
 *
 * @param layer its name
 * @param weights [rows][K]
 * @param codes the integers that the weights are made of, if inputs are quantised too
 */
record GateWeights(String layer, float[] weights, int rows, Optional<GateCodes> codes) {
  /** The inputs of a node that are weights. */
  @FunctionalInterface
  interface WeightInputs {
    /** The array of input {@code number}, which is given. */
    NdTensor of(int number);
  }

  private static final String QUANTIZED = "DynamicQuantizeLSTM";

  private GateWeights(String layer, float[] weights, int rows) {
    this(layer, weights, rows, Optional.empty());
  }

  /** K. */
  int terms() {
    return weights.length / rows;
  }

  /** What the layer reads: numbers, or codes less a zero point. */
  TensorType input() {
    return codes.isPresent()
        ? new TensorType(terms(), 1, 1, GateCodes.VALUES)
        : TensorType.floats(terms(), 1, 1);
  }

  /** Whether a node's weights are codes, and its inputs quantised call by call. */
  static boolean isQuantized(OnnxNode node) {
    return node.operator().equals(QUANTIZED);
  }

  /** The numbers of the inputs that {@link #of} reads. */
  static List<Integer> inputs(OnnxNode node) {
    List<Integer> all = new ArrayList<>(List.of(1, 2));
    if (isQuantized(node)) {
      List.of(8, 9, 10, 11).stream().filter(node::has).forEach(all::add);
    }
    return all;
  }

  /**
   * The layers of one direction: of inputs, of states, and of states that are reset if the cell
   * resets them before it multiplies.
   *
   * @param arrays W [directions, gates · H, inputs] and R [directions, gates · H, H]; of codes the
   *     last two dimensions are swapped, and scales and zero points are inputs too
   * @throws IllegalArgumentException if the weights have other shapes
   */
  static List<GateWeights> of(OnnxNode node, WeightInputs arrays, int direction) {
    String prefix = node.name() + (direction == 1 ? ".reverse" : "");
    if (isQuantized(node)) {
      return List.of(
          GateCodes.layer(prefix + ".W", node, arrays, 1, direction),
          GateCodes.layer(prefix + ".R", node, arrays, 2, direction));
    }
    NdTensor w = arrays.of(1);
    NdTensor r = arrays.of(2);
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
