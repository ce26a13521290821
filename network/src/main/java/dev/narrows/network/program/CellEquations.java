package dev.narrows.network.program;

import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.List;

/**
 * What one step of a recurrent cell does with the sums of its gates, in binary32. H is the hidden
 * size; arrays are of one sample.
 */
sealed interface CellEquations {
  /** Gates: the rows of weights are this many times H. */
  int gates();

  /** The functions where a node names none. */
  List<String> functions();

  /** The cell of a node. */
  static CellEquations of(OnnxNode node) {
    return switch (node.operator()) {
      case "LSTM", "DynamicQuantizeLSTM" ->
          new LstmCell(node.attributes().integer("input_forget", 0) != 0);
      case "GRU" -> new GatedCell(node.attributes().integer("linear_before_reset", 0) != 0);
      default -> new PlainCell();
    };
  }

  /**
   * What the cell has at hand in one direction.
   *
   * @param bias of inputs and of states, [2·gates·H]
   * @param peepholes [3·H], or all 0
   * @param clip bounds what functions take; infinite without
   */
  record Parts(
      int hidden, float[] bias, float[] peepholes, float clip, CellActivation[] functions) {
    float gate(int function, float sum) {
      return functions[function].of(Math.clamp(sum, -clip, clip));
    }

    /** The sum of gate {@code gate} of unit {@code unit}, biases included. */
    float sum(float[] inputs, float[] states, int gate, int unit) {
      int at = gate * hidden + unit;
      return inputs[at] + states[at] + bias[at] + bias[bias.length / 2 + at];
    }
  }

  /** h = f(x·W + h·R + b). */
  record PlainCell() implements CellEquations {
    @Override
    public int gates() {
      return 1;
    }

    @Override
    public List<String> functions() {
      return List.of("Tanh");
    }

    /** The next hidden state. */
    float[] next(Parts parts, float[] inputs, float[] states) {
      float[] next = new float[parts.hidden()];
      for (int u = 0; u < next.length; u++) {
        next[u] = parts.gate(0, parts.sum(inputs, states, 0, u));
      }
      return next;
    }
  }

  /**
   * A gated recurrent unit; gates z, r, h.
   *
   * @param resetAfter whether the reset gate multiplies the sum of states, not the states
   */
  record GatedCell(boolean resetAfter) implements CellEquations {
    @Override
    public int gates() {
      return 3;
    }

    @Override
    public List<String> functions() {
      return List.of("Sigmoid", "Tanh");
    }

    /** r, by which states are multiplied before the sums of gate h. */
    float[] reset(Parts parts, float[] inputs, float[] states) {
      float[] reset = new float[parts.hidden()];
      for (int u = 0; u < reset.length; u++) {
        reset[u] = parts.gate(0, parts.sum(inputs, states, 1, u));
      }
      return reset;
    }

    /**
     * The next hidden state.
     *
     * @param states sums of gates z and r; of h too if {@link #resetAfter}
     * @param ofReset sums of gate h over r·h; empty if {@link #resetAfter}
     */
    float[] next(Parts parts, float[] inputs, float[] states, float[] ofReset, float[] hidden) {
      int size = parts.hidden();
      int biases = parts.bias().length / 2;
      float[] next = new float[size];
      for (int u = 0; u < size; u++) {
        float update = parts.gate(0, parts.sum(inputs, states, 0, u));
        int at = 2 * size + u;
        float ofInput = inputs[at] + parts.bias()[at];
        float ofState = (resetAfter ? states[at] : ofReset[u]) + parts.bias()[biases + at];
        if (resetAfter) {
          ofState *= parts.gate(0, parts.sum(inputs, states, 1, u));
        }
        float candidate = parts.gate(1, ofInput + ofState);
        next[u] = (1 - update) * candidate + update * hidden[u];
      }
      return next;
    }
  }

  /**
   * Long short-term memory; gates i, o, f, c; peepholes of i, o, f.
   *
   * @param coupled whether f is 1 − i
   */
  record LstmCell(boolean coupled) implements CellEquations {
    @Override
    public int gates() {
      return 4;
    }

    @Override
    public List<String> functions() {
      return List.of("Sigmoid", "Tanh", "Tanh");
    }

    /** The next hidden state; {@code cell} becomes the next cell state. */
    float[] next(Parts parts, float[] inputs, float[] states, float[] cell) {
      int size = parts.hidden();
      float[] peep = parts.peepholes();
      float[] next = new float[size];
      for (int u = 0; u < size; u++) {
        float in = parts.gate(0, parts.sum(inputs, states, 0, u) + peep[u] * cell[u]);
        float forget =
            coupled
                ? 1 - in
                : parts.gate(0, parts.sum(inputs, states, 2, u) + peep[2 * size + u] * cell[u]);
        float candidate = parts.gate(1, parts.sum(inputs, states, 3, u));
        cell[u] = forget * cell[u] + in * candidate;
        float out = parts.gate(0, parts.sum(inputs, states, 1, u) + peep[size + u] * cell[u]);
        next[u] = out * parts.functions()[2].of(cell[u]);
      }
      return next;
    }
  }
}
