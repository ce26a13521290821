package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recurrent layers step by step. What the input contributes is one dot layer for all steps, what
 * the state contributes one a step, with shared weights; states are [hidden][batch] columns.
 */
final class RecurrentLowering {
  static final Map<String, NodeLowering> ALL =
      Map.of(
          "RNN", node -> lower(node, RecurrentCell.CellKind.PLAIN),
          "GRU", node -> lower(node, RecurrentCell.CellKind.GRU),
          "LSTM", node -> lower(node, RecurrentCell.CellKind.LSTM));

  private static final int MOST_STEPS = 24; // of all directions: some 400 layers

  private RecurrentLowering() {}

  private static void lower(LoweringNode node, RecurrentCell.CellKind kind)
      throws NotNativeException {
    boolean batchFirst = node.attributes().integer("layout", 0) != 0;
    LoweredValue given = node.floats(0);
    if (given.rank() != 3) {
      throw new IllegalArgumentException("a sequence has three dimensions, got " + given.dims());
    }
    LoweredValue in = batchFirst ? MoveLayers.transposed(node, given, 1, 0, 2) : given;
    int steps = in.dim(0);
    int batch = in.dim(1);
    String way = node.attributes().text("direction", "forward");
    int directions = way.equals("bidirectional") ? 2 : 1;
    if (steps * directions > MOST_STEPS) {
      throw new NotNativeException("%d steps are many".formatted(steps * directions));
    }
    whole(node, steps);
    NdTensor weights = node.required(1, "W");
    NdTensor recurrent = node.required(2, "R");
    int hidden = recurrent.rank() == 3 ? recurrent.dims().get(2) : 0;
    int rows = kind.gates() * hidden;
    boolean fits =
        hidden > 0
            && weights.dims().equals(List.of(directions, rows, in.dim(2)))
            && recurrent.dims().equals(List.of(directions, rows, hidden));
    if (!fits) {
      throw new IllegalArgumentException(
          "W %s and R %s do not fit the input %s"
              .formatted(weights.dims(), recurrent.dims(), in.dims()));
    }
    List<LoweredValue> all = new ArrayList<>();
    List<LoweredValue> last = new ArrayList<>();
    List<LoweredValue> cells = new ArrayList<>();
    for (int direction = 0; direction < directions; direction++) {
      boolean back = way.equals("reverse") || direction == 1;
      RecurrentCell cell = RecurrentCell.of(node, kind, direction, hidden, batch, in.dim(2));
      List<LoweredValue> states = cell.run(in, back);
      all.add(MoveLayers.joined(node, "steps", 0, states));
      last.add(states.get(back ? 0 : steps - 1));
      cell.memory().ifPresent(cells::add);
    }
    // all is [steps · hidden, batch] a direction
    LoweredValue joined = MoveLayers.joined(node, "directions", 0, all);
    LoweredValue split = MoveLayers.shaped(joined, List.of(directions, steps, hidden, batch));
    node.put(
        0,
        batchFirst
            ? MoveLayers.transposed(node, split, 3, 1, 0, 2)
            : MoveLayers.transposed(node, split, 1, 0, 3, 2));
    node.put(1, states(node, last, hidden, batch, batchFirst));
    if (!cells.isEmpty()) {
      node.put(2, states(node, cells, hidden, batch, batchFirst));
    }
  }

  private static LoweredValue states(
      LoweringNode node, List<LoweredValue> states, int hidden, int batch, boolean batchFirst) {
    LoweredValue joined = MoveLayers.joined(node, "states", 0, states);
    LoweredValue split = MoveLayers.shaped(joined, List.of(states.size(), hidden, batch));
    return batchFirst
        ? MoveLayers.transposed(node, split, 2, 0, 1)
        : MoveLayers.transposed(node, split, 0, 2, 1);
  }

  /** Refuses sequences of different lengths. */
  private static void whole(LoweringNode node, int steps) throws NotNativeException {
    if (!node.has(4)) {
      return;
    }
    for (long length : node.required(4, "sequence_lens").integers()) {
      if (length != steps) {
        throw new NotNativeException("sequences have lengths of their own");
      }
    }
  }

  /** The part of a constant that belongs to a direction; empty if the input is not given. */
  static Optional<float[]> part(LoweringNode node, int input, int direction, int size)
      throws NotNativeException {
    if (!node.has(input)) {
      return Optional.empty();
    }
    float[] all = node.required(input, "input " + input).floats();
    if (all.length < (direction + 1) * size) {
      throw new IllegalArgumentException("input %d has %d numbers".formatted(input, all.length));
    }
    float[] part = new float[size];
    System.arraycopy(all, direction * size, part, 0, size);
    return Optional.of(part);
  }

  /** A state that is given, [directions, batch, hidden], as [hidden, batch]; else zeros. */
  static LoweredValue initial(LoweringNode node, int input, int direction, int hidden, int batch)
      throws NotNativeException {
    if (!node.has(input)) {
      LoweringBudget.take((long) hidden * batch);
      return NumberLayers.constant(
          node, "initial", new float[Math.multiplyExact(hidden, batch)], List.of(hidden, batch));
    }
    LoweredValue given = node.floats(input);
    boolean batchFirst = node.attributes().integer("layout", 0) != 0;
    int[] one = {direction};
    Places places = Places.of(given.dims()).taken(batchFirst ? 1 : 0, one);
    Places state = places.shaped(batch, hidden).transposed(1, 0);
    return MoveLayers.add(node, "initial", given, state);
  }

  /** The type that states are kept in. */
  static LoweredValue columns(int tensor, int rows, int batch) {
    return new LoweredValue(tensor, List.of(rows, batch), NdType.FLOAT);
  }
}
