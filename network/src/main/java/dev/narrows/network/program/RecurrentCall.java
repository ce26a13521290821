package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.hosted.HostedValue;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.program.CellEquations.GatedCell;
import dev.narrows.network.program.CellEquations.LstmCell;
import dev.narrows.network.program.CellEquations.Parts;
import dev.narrows.network.program.CellEquations.PlainCell;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One call of an LSTM, a GRU or an RNN, step by step. */
final class RecurrentCall {
  /** GateSums of products with the weights of a layer. */
  @FunctionalInterface
  interface GateSums {
    /**
     * The sums of some samples.
     *
     * @param samples [count][K]
     * @return [count][rows]
     */
    float[] of(GateWeights layer, float[] samples);
  }

  private final OnnxNode node;
  private final Scope scope;
  private final GateSums sums;

  private final CellEquations cell;
  private final NdTensor x;
  private final boolean batchFirst;
  private final int steps;
  private final int batch;
  private final int hidden;
  private final int directions;

  RecurrentCall(OnnxNode node, Scope scope, GateSums sums) {
    this.node = node;
    this.scope = scope;
    this.sums = sums;
    this.cell = CellEquations.of(node);
    this.x = scope.tensor(node.input(0));
    this.batchFirst = node.attributes().integer("layout", 0) != 0;
    require(x.rank() == 3, "X has 3 dimensions", x);
    this.steps = x.dims().get(batchFirst ? 1 : 0);
    this.batch = x.dims().get(batchFirst ? 0 : 1);
    NdTensor states = scope.tensor(node.input(2));
    require(states.rank() == 3, "R has 3 dimensions", states);
    this.directions = states.dims().get(0);
    boolean swapped = GateWeights.isQuantized(node);
    this.hidden = states.dims().get(swapped ? 1 : 2);
    int rows = cell.gates() * hidden;
    require(states.dims().get(swapped ? 2 : 1) == rows, "R has " + rows + " rows", states);
    NdTensor weights = scope.tensor(node.input(1));
    int inputs = x.dims().get(2);
    List<Integer> wanted =
        swapped ? List.of(directions, inputs, rows) : List.of(directions, rows, inputs);
    require(weights.dims().equals(wanted), "W is " + wanted, weights);
  }

  private void require(boolean fits, String expected, NdTensor got) {
    if (!fits) {
      throw new ProgramException(
          node.place(), "expected that " + expected + ", got " + got.describe());
    }
  }

  /** An optional input's numbers in direction {@code d}, [elements]; zeros if it is left out. */
  private float[] numbers(int input, int d, int elements) {
    if (!node.has(input)) {
      return new float[elements];
    }
    NdTensor tensor = scope.tensor(node.input(input));
    require(
        tensor.elements() == directions * elements, directions * elements + " elements", tensor);
    return Arrays.copyOfRange(tensor.floats(), d * elements, (d + 1) * elements);
  }

  /** Initial states of direction {@code d}, [batch][hidden]. */
  private float[][] states(int input, int d) {
    float[][] states = new float[batch][hidden];
    if (!node.has(input)) {
      return states;
    }
    NdTensor tensor = scope.tensor(node.input(input));
    require(
        tensor.elements() == directions * batch * hidden,
        directions * batch * hidden + " elements",
        tensor);
    float[] all = tensor.floats();
    for (int b = 0; b < batch; b++) {
      int from = (batchFirst ? b * directions + d : d * batch + b) * hidden;
      states[b] = Arrays.copyOfRange(all, from, from + hidden);
    }
    return states;
  }

  private int[] lengths() {
    int[] lengths = new int[batch];
    Arrays.fill(lengths, steps);
    if (node.has(4)) {
      NdTensor tensor = scope.tensor(node.input(4));
      require(tensor.elements() == batch, batch + " lengths", tensor);
      for (int b = 0; b < batch; b++) {
        lengths[b] = Math.clamp(tensor.integers()[b], 0, steps);
      }
    }
    return lengths;
  }

  Map<String, HostedValue> run() {
    float[] y = new float[steps * directions * batch * hidden];
    float[] last = new float[directions * batch * hidden];
    float[] lastCell = new float[directions * batch * hidden];
    for (int d = 0; d < directions; d++) {
      boolean reverse = d == 1 || node.attributes().text("direction", "forward").equals("reverse");
      direction(d, reverse, y, last, lastCell);
    }
    NdType type = x.type();
    Map<String, HostedValue> values = new HashMap<>();
    List<Integer> all =
        batchFirst
            ? List.of(batch, steps, directions, hidden)
            : List.of(steps, directions, batch, hidden);
    List<Integer> one =
        batchFirst ? List.of(batch, directions, hidden) : List.of(directions, batch, hidden);
    put(values, 0, y, all, type);
    put(values, 1, last, one, type);
    put(values, 2, lastCell, one, type);
    return values;
  }

  private void put(
      Map<String, HostedValue> values,
      int output,
      float[] numbers,
      List<Integer> dims,
      NdType type) {
    if (output < node.outputs().size() && !node.outputs().get(output).isEmpty()) {
      NdTensor tensor = ArrayWords.floats(numbers, dims);
      values.put(
          node.outputs().get(output),
          new HostedValue.Single(
              FloatCarriers.carries(type) ? FloatCarriers.narrowed(tensor, type) : tensor));
    }
  }

  private void direction(int d, boolean reverse, float[] y, float[] last, float[] lastCell) {
    int rows = cell.gates() * hidden;
    List<GateWeights> layers = GateWeights.of(node, input -> scope.tensor(node.input(input)), d);
    GateWeights ofStates = layers.get(1);
    boolean resetFirst = layers.size() > 2;
    Parts parts = parts(d, rows);
    float[] inputs = sums.of(layers.getFirst(), x.floats());
    float[][] h = states(5, d);
    float[][] c = cell instanceof LstmCell ? states(6, d) : new float[0][];
    int[] lengths = lengths();
    for (int t = 0; t < steps; t++) {
      float[] states = sums.of(ofStates, joined(h));
      float[][] in = new float[batch][];
      float[][] st = new float[batch][];
      for (int b = 0; b < batch; b++) {
        in[b] = row(inputs, place(at(t, reverse, lengths[b]), b), rows);
        st[b] = row(states, b, ofStates.rows());
      }
      float[] reset =
          cell instanceof GatedCell gated && resetFirst
              ? sums.of(layers.get(2), reset(gated, parts, in, st, h))
              : new float[0];
      for (int b = 0; b < batch; b++) {
        if (t >= lengths[b]) {
          continue;
        }
        h[b] =
            switch (cell) {
              case LstmCell lstm -> lstm.next(parts, in[b], st[b], c[b]);
              case GatedCell gru ->
                  gru.next(parts, in[b], st[b], row(reset, b, resetFirst ? hidden : 0), h[b]);
              case PlainCell rnn -> rnn.next(parts, in[b], st[b]);
            };
        int at = at(t, reverse, lengths[b]);
        int to =
            batchFirst
                ? ((b * steps + at) * directions + d) * hidden
                : ((at * directions + d) * batch + b) * hidden;
        System.arraycopy(h[b], 0, y, to, hidden);
      }
    }
    for (int b = 0; b < batch; b++) {
      int to = (batchFirst ? b * directions + d : d * batch + b) * hidden;
      System.arraycopy(h[b], 0, last, to, hidden);
      if (c.length > 0) {
        System.arraycopy(c[b], 0, lastCell, to, hidden);
      }
    }
  }

  private Parts parts(int d, int rows) {
    float[] peepholes = cell instanceof LstmCell ? numbers(7, d, 3 * hidden) : new float[0];
    float clip = node.attributes().number("clip", Float.POSITIVE_INFINITY);
    CellActivation[] functions = CellActivation.of(node, cell.functions(), d);
    return new Parts(hidden, numbers(3, d, 2 * rows), peepholes, clip, functions);
  }

  /** The step that comes {@code t}-th; 0 where there is none any more. */
  private static int at(int t, boolean reverse, int length) {
    return t >= length ? 0 : reverse ? length - 1 - t : t;
  }

  /** Where the input of a step and a sample lies, in rows. */
  private int place(int step, int b) {
    return batchFirst ? b * steps + step : step * batch + b;
  }

  /** r·h of every sample. */
  private static float[] reset(
      GatedCell cell, Parts parts, float[][] inputs, float[][] states, float[][] h) {
    float[][] products = new float[h.length][];
    for (int b = 0; b < h.length; b++) {
      products[b] = cell.reset(parts, inputs[b], states[b]);
      for (int u = 0; u < products[b].length; u++) {
        products[b][u] *= h[b][u];
      }
    }
    return joined(products);
  }

  private static float[] joined(float[][] rows) {
    float[] all = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * rows[0].length, rows[0].length);
    }
    return all;
  }

  private static float[] row(float[] all, int row, int size) {
    return Arrays.copyOfRange(all, row * size, (row + 1) * size);
  }
}
