package dev.narrows.network.onnx.read;

import dev.narrows.network.layer.Activation.Function;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.ShapedActivation.Formula;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One direction of a recurrent layer, step after step. */
final class RecurrentCell {
  /** What a step computes; gates in ONNX's order: z r h, and i o f c. */
  enum CellKind {
    PLAIN(1, "Tanh"),
    GRU(3, "Sigmoid", "Tanh"),
    LSTM(4, "Sigmoid", "Tanh", "Tanh");

    private final int gates;
    private final List<String> functions;

    CellKind(int gates, String... functions) {
      this.gates = gates;
      this.functions = List.of(functions);
    }

    int gates() {
      return gates;
    }
  }

  private final LoweringNode node;
  private final CellKind kind;
  private final int direction;
  private final int hidden;
  private final int batch;
  private final FloatOperands input;
  private final FloatOperands state;
  private final Optional<FloatOperands> candidate; // of a GRU whose reset comes first
  private final Optional<float[]> peepholes;
  private final List<String> functions;
  private LoweredValue output;
  private Optional<LoweredValue> memory;
  private String step = "";

  private RecurrentCell(
      LoweringNode node,
      CellKind kind,
      int direction,
      int hidden,
      int batch,
      FloatOperands input,
      FloatOperands state,
      Optional<FloatOperands> candidate)
      throws NotNativeException {
    this.node = node;
    this.kind = kind;
    this.direction = direction;
    this.hidden = hidden;
    this.batch = batch;
    this.input = input;
    this.state = state;
    this.candidate = candidate;
    this.peepholes =
        kind == CellKind.LSTM
            ? RecurrentLowering.part(node, 7, direction, 3 * hidden)
            : Optional.empty();
    this.functions = functions(node, kind, direction);
    this.output = RecurrentLowering.initial(node, 5, direction, hidden, batch);
    this.memory =
        kind == CellKind.LSTM
            ? Optional.of(RecurrentLowering.initial(node, 6, direction, hidden, batch))
            : Optional.empty();
  }

  static RecurrentCell of(
      LoweringNode node, CellKind kind, int direction, int hidden, int batch, int inputs)
      throws NotNativeException {
    int rows = kind.gates * hidden;
    float[] weights = RecurrentLowering.part(node, 1, direction, rows * inputs).orElseThrow();
    float[] recurrent = RecurrentLowering.part(node, 2, direction, rows * hidden).orElseThrow();
    float[] biases =
        RecurrentLowering.part(node, 3, direction, 2 * rows).orElse(new float[2 * rows]);
    boolean late = node.attributes().integer("linear_before_reset", 0) != 0;
    int joined = kind == CellKind.GRU && late ? 2 * hidden : rows; // biases that are added at once
    float[] first = Arrays.copyOf(biases, rows);
    float[] second = new float[rows];
    for (int i = 0; i < rows; i++) {
      if (i < joined) {
        first[i] += biases[rows + i];
      } else {
        second[i] = biases[rows + i];
      }
    }
    FloatOperands input = SumLayers.operands(rows, inputs, weights, first);
    if (kind != CellKind.GRU || late) {
      FloatOperands state = SumLayers.operands(rows, hidden, recurrent, second);
      return new RecurrentCell(
          node, kind, direction, hidden, batch, input, state, Optional.empty());
    }
    int gates = 2 * hidden;
    float[] none = new float[0];
    FloatOperands state =
        SumLayers.operands(gates, hidden, Arrays.copyOf(recurrent, gates * hidden), none);
    float[] rest = Arrays.copyOfRange(recurrent, gates * hidden, rows * hidden);
    FloatOperands candidate = SumLayers.operands(hidden, hidden, rest, none);
    return new RecurrentCell(
        node, kind, direction, hidden, batch, input, state, Optional.of(candidate));
  }

  private static List<String> functions(LoweringNode node, CellKind kind, int direction)
      throws NotNativeException {
    for (String name : List.of("activation_alpha", "activation_beta")) {
      if (node.attributes().has(name)) {
        throw new NotNativeException("its functions have numbers of their own");
      }
    }
    List<String> given = node.attributes().texts("activations");
    int count = kind.functions.size();
    if (given.isEmpty()) {
      return kind.functions;
    }
    if (given.size() < (direction + 1) * count) {
      throw new IllegalArgumentException("activations name %d functions".formatted(given.size()));
    }
    return given.subList(direction * count, (direction + 1) * count);
  }

  /** What the memory of an LSTM is after all steps. */
  Optional<LoweredValue> memory() {
    return memory;
  }

  /** The output of each step, [hidden, batch], by the input's order. */
  List<LoweredValue> run(LoweredValue in, boolean back) throws NotNativeException {
    int steps = in.dim(0);
    LoweredValue x =
        MoveLayers.add(
            node,
            "columns",
            in,
            Places.of(in.dims()).shaped(steps * batch, in.dim(2)).transposed(1, 0));
    int columns = steps * batch;
    int rows = input.channels();
    int from = node.shaped(x.tensor(), in.dim(2), columns, 1);
    TensorType to = TensorType.floats(rows, columns, 1);
    String way = direction == 0 ? "" : "backward.";
    int all =
        node.add(new Convolution(node.unique(way + "input"), from, to, Window.point(), 1, input));
    LoweredValue gates = RecurrentLowering.columns(all, rows, columns);
    LoweredValue[] outputs = new LoweredValue[steps];
    for (int i = 0; i < steps; i++) {
      int t = back ? steps - 1 - i : i;
      step = way + t + ".";
      Places places = Places.of(gates.dims()).taken(1, Axes.range(t * batch, batch, 1));
      LoweredValue here = MoveLayers.add(node, step + "input", gates, places);
      switch (kind) {
        case PLAIN -> plain(here);
        case GRU -> gated(here);
        case LSTM -> remembering(here);
      }
      outputs[t] = output;
    }
    return new ArrayList<>(List.of(outputs));
  }

  private void plain(LoweredValue in) throws NotNativeException {
    LoweredValue sum = sum("sum", in, dot("state", output, state));
    output = function("output", sum, 0);
  }

  private void gated(LoweredValue in) throws NotNativeException {
    LoweredValue product = dot("state", output, state);
    LoweredValue gates = function("gates", sum("sum", rows(in, 0, 2), rows(product, 0, 2)), 0);
    LoweredValue update = rows(gates, 0, 1);
    LoweredValue reset = rows(gates, 1, 1);
    LoweredValue part =
        candidate.isPresent()
            ? dot("candidate", pair("reset", Operation.MULTIPLY, reset, output), candidate.get())
            : pair("reset", Operation.MULTIPLY, reset, rows(product, 2, 1));
    LoweredValue fresh = function("fresh", sum("more", rows(in, 2, 1), part), 1);
    LoweredValue rest =
        NumberLayers.function(node, node.unique(step + "rest"), update, Formula.LINEAR, -1, 1);
    output =
        sum(
            "output",
            pair("new", Operation.MULTIPLY, rest, fresh),
            pair("old", Operation.MULTIPLY, update, output));
  }

  private void remembering(LoweredValue in) throws NotNativeException {
    LoweredValue before = memory.orElseThrow();
    LoweredValue sums = sum("sum", in, dot("state", output, state));
    LoweredValue enter = function("enter", peeped(rows(sums, 0, 1), 0, before), 0);
    LoweredValue forget = function("forget", peeped(rows(sums, 2, 1), 2, before), 0);
    if (node.attributes().integer("input_forget", 0) != 0) {
      throw new NotNativeException("input and forget gates are coupled");
    }
    LoweredValue fresh = function("fresh", rows(sums, 3, 1), 1);
    LoweredValue now =
        sum(
            "memory",
            pair("old", Operation.MULTIPLY, forget, before),
            pair("new", Operation.MULTIPLY, enter, fresh));
    LoweredValue leave = function("leave", peeped(rows(sums, 1, 1), 1, now), 0);
    output = pair("output", Operation.MULTIPLY, leave, function("shown", now, 2));
    memory = Optional.of(now);
  }

  /** The sum with what the memory contributes, gate by gate in the order i o f. */
  private LoweredValue peeped(LoweredValue sum, int gate, LoweredValue cell) {
    if (peepholes.isEmpty()) {
      return sum;
    }
    float[] weights = Arrays.copyOfRange(peepholes.get(), gate * hidden, (gate + 1) * hidden);
    LoweredValue constant =
        NumberLayers.constant(node, step + "peephole" + gate, weights, List.of(hidden, 1));
    return sum("peeped" + gate, sum, pair("look" + gate, Operation.MULTIPLY, constant, cell));
  }

  private LoweredValue dot(String name, LoweredValue columns, FloatOperands operands) {
    int from = node.shaped(columns.tensor(), operands.terms(), batch, 1);
    TensorType to = TensorType.floats(operands.channels(), batch, 1);
    int made =
        node.add(new Convolution(node.unique(step + name), from, to, Window.point(), 1, operands));
    return RecurrentLowering.columns(made, operands.channels(), batch);
  }

  /** The rows of some gates. */
  private LoweredValue rows(LoweredValue gates, int first, int count) {
    int[] indices = Axes.range(first * hidden, count * hidden, 1);
    Places places = Places.of(gates.dims()).taken(0, indices);
    return MoveLayers.add(node, step + "gate" + first, gates, places);
  }

  private LoweredValue sum(String name, LoweredValue a, LoweredValue b) {
    return pair(name, Operation.ADD, a, b);
  }

  private LoweredValue pair(String name, Operation operation, LoweredValue a, LoweredValue b) {
    return SumLayers.pair(node, step + name, operation, a, b);
  }

  /** The layer's function of this number. */
  private LoweredValue function(String name, LoweredValue in, int number)
      throws NotNativeException {
    if (node.attributes().has("clip")) {
      throw new NotNativeException("its sums are clipped");
    }
    String layer = node.unique(step + name);
    return switch (functions.get(number).toLowerCase(Locale.ROOT)) {
      case "sigmoid" -> NumberLayers.function(node, layer, in, Function.LOGISTIC);
      case "tanh" -> NumberLayers.function(node, layer, in, Function.TANH);
      case "relu" -> NumberLayers.function(node, layer, in, Function.RELU);
      case "softsign" -> NumberLayers.function(node, layer, in, Function.SOFTSIGN);
      case "softplus" -> NumberLayers.function(node, layer, in, Function.SOFTPLUS);
      case "hardsigmoid" ->
          NumberLayers.function(node, layer, in, Formula.HARD_SIGMOID, 0.2f, 0.5f);
      case "leakyrelu" -> NumberLayers.function(node, layer, in, Formula.LEAKY_RELU, 0.01f, 0);
      case "elu" -> NumberLayers.function(node, layer, in, Formula.ELU, 1, 0);
      default -> throw new NotNativeException("function " + functions.get(number));
    };
  }
}
