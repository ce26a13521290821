package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A recurrent operator, step by step: what the input adds to the gates is one layer for all steps;
 * what the last output adds is a layer for each. The gates stand beside each other as channels,
 * input (unless it is coupled to the forget gate), forget, cell, output.
 *
 * @param steps T
 * @param batch B
 * @param cells of each gate
 * @param outputs as many as cells, unless they are projected
 */
record LstmOperator(
    OperatorImport in,
    GraphValue value,
    boolean timeFirst,
    int steps,
    int batch,
    int cells,
    int outputs) {
  static final int MOST_STEPS = 512;
  static final int INPUT_WEIGHTS = 1;
  static final int RECURRENT_WEIGHTS = 5;
  static final int PEEPHOLES = 9;
  static final int BIASES = 12;
  static final int PROJECTION = 16;
  static final int PROJECTION_BIAS = 17;
  static final int OUTPUT_STATE = 18;
  static final int CELL_STATE = 19;
  private static final int NORMS = 20;
  private static final int GATES = 4;
  static final int FORGET = 1;
  static final int CELL = 2;
  static final int OUTPUT = 3;

  static void lstm(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape shape = value.shape();
    FileShape recurrent = in.constant(RECURRENT_WEIGHTS + OUTPUT, "recurrent weights").shape();
    boolean timeFirst = in.options().flag(3, "time_major");
    if (shape.rank() != 3 || recurrent.rank() != 2) {
      throw in.bad("weights %s do not take %s".formatted(recurrent, shape));
    }
    int steps = shape.dim(timeFirst ? 0 : 1);
    if (steps > MOST_STEPS) {
      throw new Unsupported("more than %d steps".formatted(MOST_STEPS));
    }
    for (int gate = 0; gate < GATES; gate++) {
      if (in.has(NORMS + gate)) {
        throw new Unsupported("layer norms");
      }
    }
    LstmOperator lstm =
        new LstmOperator(
            in,
            value,
            timeFirst,
            steps,
            shape.dim(timeFirst ? 1 : 0),
            recurrent.dim(0),
            recurrent.dim(1));
    in.requireShape(
        timeFirst
            ? FileShape.of(steps, lstm.batch(), lstm.outputs())
            : FileShape.of(lstm.batch(), steps, lstm.outputs()));
    if (value.type().isFloat()) {
      lstm.add();
    } else {
      IntegerLstm.add(lstm);
    }
  }

  private List<Integer> gates() {
    return in.has(INPUT_WEIGHTS) ? List.of(0, FORGET, CELL, OUTPUT) : List.of(FORGET, CELL, OUTPUT);
  }

  private void add() throws NetworkFileException, Unsupported {
    String name = in.name();
    float clip = in.options().f32(1, 0, "cell_clip");
    RecurrentSums inputs = RecurrentSums.of(this, INPUT_WEIGHTS, value.shape().last(), true);
    RecurrentSums recurrent = RecurrentSums.of(this, RECURRENT_WEIGHTS, outputs, false);
    GraphValue all = new GraphValue(inputs.add(name + "/input", value), value.shape(), gateRows());
    TensorType held = TensorType.floats(outputs, batch, 1);
    int h = state(OUTPUT_STATE, held);
    TensorType cell = TensorType.floats(cells, batch, 1);
    int c = state(CELL_STATE, cell);
    List<Integer> made = new ArrayList<>();
    for (int t = 0; t < steps; t++) {
      int last = recurrent.add(name + "/recurrent", new GraphValue(h, value.shape(), held));
      TensorType gates = TensorType.floats(gates().size() * cells, batch, 1);
      int sums = pair(Operation.ADD, step(name, all, t, gates), last, gates);
      int before = c;
      int forget = gate(sums, FORGET, before, Activation.Function.SIGMOID);
      int update = gate(sums, CELL, -1, activation());
      int input =
          in.has(INPUT_WEIGHTS)
              ? gate(sums, 0, before, Activation.Function.SIGMOID)
              : pair(Operation.SUBTRACT, constant(1, cell), forget, cell);
      c =
          pair(
              Operation.ADD,
              pair(Operation.MULTIPLY, forget, before, cell),
              pair(Operation.MULTIPLY, update, input, cell),
              cell);
      c = clipped(c, clip, cell);
      int output = gate(sums, OUTPUT, c, Activation.Function.SIGMOID);
      h = pair(Operation.MULTIPLY, output, function(c, cell, activation()), cell);
      h = projected(name, h, cell, held);
      made.add(h);
    }
    finish(name, made, h, held, c, cell);
  }

  /** Keeps the states of the last step and makes the output of all steps' outputs. */
  void finish(String name, List<Integer> made, int h, TensorType held, int c, TensorType cell)
      throws NetworkFileException, Unsupported {
    Variables variables = in.graph().variables();
    variables.update(in.operator().input(OUTPUT_STATE), stateOf(OUTPUT_STATE, h, held));
    variables.update(in.operator().input(CELL_STATE), stateOf(CELL_STATE, c, cell));
    int step = outputs * batch;
    List<Axis> axes =
        timeFirst
            ? List.of(Axis.of(outputs, batch), Axis.of(steps, step), Axis.of(batch, 1))
            : List.of(Axis.of(outputs, batch), Axis.of(batch, 1), Axis.of(steps, step));
    in.finish(new Rearrange(name, made, in.made().made(), 0, axes));
  }

  private TensorType gateRows() {
    TensorType type = value.type();
    return TensorType.floats(gates().size() * cells, type.height(), type.width());
  }

  /** What the input adds to the gates in one step. */
  int step(String name, GraphValue all, int t, TensorType gates) {
    int positions = all.type().positions();
    List<Axis> axes =
        List.of(Axis.of(gates.channels(), positions), Axis.of(batch, timeFirst ? 1 : steps));
    int base = timeFirst ? t * batch : t;
    return in.add(
        new Rearrange(in.graph().unique(name + "/step"), List.of(all.tensor()), gates, base, axes));
  }

  /** A gate of the step, with what the cell adds to it through its peephole. */
  private int gate(int sums, int gate, int cell, Activation.Function function)
      throws NetworkFileException, Unsupported {
    TensorType type = TensorType.floats(cells, batch, 1);
    int place = gates().indexOf(gate);
    int tensor =
        in.add(
            new Rearrange(
                unique("/gate"),
                List.of(sums),
                type,
                place * type.elements(),
                List.of(Axis.of(type.elements(), 1))));
    int peephole = PEEPHOLES + (gate == OUTPUT ? 2 : gate);
    if (cell >= 0 && in.has(peephole)) {
      float[] weights = in.graph().constants().reals(in.constant(peephole, "peephole weights"));
      if (weights.length != cells) {
        throw in.bad("%d peephole weights for %d cells".formatted(weights.length, cells));
      }
      float[] all = zeros(type);
      for (int i = 0; i < all.length; i++) {
        all[i] = weights[i / batch];
      }
      int constant = in.add(Constant.of(unique("/peephole"), type, all));
      int product = pair(Operation.MULTIPLY, constant, cell, type);
      tensor = pair(Operation.ADD, tensor, product, type);
    }
    return function(tensor, type, function);
  }

  private int function(int tensor, TensorType type, Activation.Function function)
      throws NetworkFileException {
    return in.add(new Activation(unique("/" + function), tensor, type, function));
  }

  private Activation.Function activation() throws NetworkFileException, Unsupported {
    int code = in.options().i8(0, 0, "activation");
    return switch (code) {
      case 1 -> Activation.Function.RELU;
      case 3 -> Activation.Function.RELU6;
      case 4 -> Activation.Function.TANH;
      default -> throw new Unsupported("fused activation " + code);
    };
  }

  private int projected(String name, int h, TensorType cell, TensorType held)
      throws NetworkFileException, Unsupported {
    if (!in.has(PROJECTION)) {
      if (cells != outputs) {
        throw in.bad("%d outputs of %d cells".formatted(outputs, cells));
      }
      return h;
    }
    RecurrentSums projection = RecurrentSums.single(this, PROJECTION, PROJECTION_BIAS, cells);
    int made = projection.add(name + "/projection", new GraphValue(h, value.shape(), cell));
    return clipped(made, in.options().f32(2, 0, "proj_clip"), held);
  }

  private int clipped(int tensor, float clip, TensorType type) throws NetworkFileException {
    if (!(clip > 0)) {
      return tensor;
    }
    int below = pair(Operation.MINIMUM, constant(clip, type), tensor, type);
    return pair(Operation.MAXIMUM, constant(-clip, type), below, type);
  }

  private int constant(float number, TensorType type) throws NetworkFileException {
    float[] all = zeros(type);
    Arrays.fill(all, number);
    return in.add(Constant.of(unique("/constant"), type, all));
  }

  /** Numbers that the file's size must pay for. */
  private float[] zeros(TensorType type) throws NetworkFileException {
    in.graph().constants().take(in.made(), type.elements(), Float.BYTES);
    return new float[type.elements()];
  }

  private int pair(Operation operation, int left, int right, TensorType type)
      throws NetworkFileException {
    return in.add(new Elementwise(unique("/" + operation), left, right, type, operation));
  }

  private String unique(String suffix) throws NetworkFileException {
    return in.graph().unique(in.made().name() + suffix);
  }

  int state(int number, TensorType type) throws NetworkFileException, Unsupported {
    int tensor = in.operator().input(number);
    if (tensor < 0) {
      throw in.bad("its states are missing");
    }
    GraphValue held = in.graph().variables().updated(in, tensor);
    if (!held.type().equals(type)) {
      throw in.bad("keeps %s, expected %s".formatted(held.type().describe(), type.describe()));
    }
    return held.tensor();
  }

  /** The type of a state as the file has it. */
  TensorType stateType(int number, int channels) throws NetworkFileException, Unsupported {
    int tensor = in.operator().input(number);
    if (tensor < 0) {
      throw in.bad("its states are missing");
    }
    return new TensorType(channels, batch, 1, in.graph().model().tensor(tensor).kind());
  }

  private GraphValue stateOf(int number, int tensor, TensorType type) throws NetworkFileException {
    return new GraphValue(
        tensor, in.graph().model().tensor(in.operator().input(number)).shape(), type);
  }

  /** The bias of a gate; absent ones are zero. */
  float[] bias(int gate) throws NetworkFileException, Unsupported {
    return in.has(BIASES + gate)
        ? in.graph().constants().floats(in.constant(BIASES + gate, "bias"))
        : new float[cells];
  }

  /** The gates that there are. */
  List<Integer> present() {
    return gates();
  }
}
