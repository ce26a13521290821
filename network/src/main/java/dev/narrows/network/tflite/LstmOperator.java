package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.layer.Span;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * A recurrent operator, step by step: what the input adds to the gates is one layer for all steps;
 * what the last output adds is a layer for each. The gates stand beside each other as channels,
 * input (unless it is coupled to the forget gate), forget, cell, output.
 *
 * @param form how it is to be run
 * @param steps T
 * @param batch B
 * @param cells of each gate
 * @param outputs as many as cells, unless they are projected
 */
record LstmOperator(
    OperatorImport in,
    GraphValue value,
    LstmForm form,
    int steps,
    int batch,
    int cells,
    int outputs) {
  static final int MOST_STEPS = 4096;
  static final int INPUT_WEIGHTS = 1;
  static final int RECURRENT_WEIGHTS = 5;
  static final int PEEPHOLES = 9;
  static final int BIASES = 12;
  static final int PROJECTION = 16;
  static final int PROJECTION_BIAS = 17;
  static final int OUTPUT_STATE = 18;
  static final int CELL_STATE = 19;
  static final int NORMS = 20;
  static final int FURTHER = 24; // a second input, then its weights
  private static final Span CELLS = Span.of(0);
  static final int FORGET = 1;
  static final int CELL = 2;
  static final int OUTPUT = 3;

  static void lstm(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    if (value.shape().rank() != 3) {
      throw in.bad("takes " + value.shape());
    }
    boolean timeFirst = in.options().flag(3, "time_major");
    boolean asymmetric = in.options().flag(4, "asymmetric_quantize_inputs");
    LstmOperator lstm = of(in, new LstmForm(timeFirst, asymmetric, false));
    in.requireShape(lstm.shape());
    if (value.type().isFloat()) {
      in.finish(lstm.add(in.name()));
    } else {
      IntegerLstm.add(lstm);
    }
  }

  /** One step of a batch, of the operator that has no sequence. */
  static void step(OperatorImport in) throws NetworkFileException, Unsupported {
    if (in.options().i8(3, 0, "kernel_type") != 0) {
      BasicLstm.add(in);
      return;
    }
    boolean asymmetric = in.options().flag(4, "asymmetric_quantize_inputs");
    GraphValue value = in.value(0);
    if (value.shape().rank() != 2) {
      throw in.bad("takes " + value.shape());
    }
    LstmOperator lstm = of(in, new LstmForm(true, asymmetric, false));
    in.requireShape(FileShape.of(lstm.batch(), lstm.outputs()));
    if (!value.type().isFloat()) {
      throw new Unsupported("of " + value.type().kind());
    }
    in.finish(lstm.add(in.name()));
  }

  /** An operator whose inputs are in the order of UNIDIRECTIONAL_SEQUENCE_LSTM. */
  static LstmOperator of(OperatorImport in, LstmForm form)
      throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape shape = value.shape();
    FileShape recurrent = in.constant(RECURRENT_WEIGHTS + OUTPUT, "recurrent weights").shape();
    boolean sequence = shape.rank() == 3;
    if (!sequence && shape.rank() != 2 || recurrent.rank() != 2) {
      throw in.bad("weights %s do not take %s".formatted(recurrent, shape));
    }
    int steps = sequence ? shape.dim(form.timeFirst() ? 0 : 1) : 1;
    int batch = sequence ? shape.dim(form.timeFirst() ? 1 : 0) : shape.dim(0);
    if (steps > MOST_STEPS) {
      throw new Unsupported("more than %d steps".formatted(MOST_STEPS));
    }
    return new LstmOperator(in, value, form, steps, batch, recurrent.dim(0), recurrent.dim(1));
  }

  /** The shape of all steps' outputs. */
  FileShape shape() {
    return form.timeFirst()
        ? FileShape.of(steps, batch, outputs)
        : FileShape.of(batch, steps, outputs);
  }

  private boolean normalized() {
    return in.has(NORMS + FORGET);
  }

  private List<Integer> gates() {
    return in.has(INPUT_WEIGHTS) ? List.of(0, FORGET, CELL, OUTPUT) : List.of(FORGET, CELL, OUTPUT);
  }

  /**
   * Adds all steps on real numbers.
   *
   * @param name of the layer that makes all steps' outputs
   */
  Rearrange add(String name) throws NetworkFileException, Unsupported {
    float clip = in.options().f32(1, 0, "cell_clip");
    RecurrentSums inputs =
        RecurrentSums.of(this, INPUT_WEIGHTS, value.shape().last(), !normalized());
    RecurrentSums recurrent = RecurrentSums.of(this, RECURRENT_WEIGHTS, outputs, false);
    int given = inputs.add(name + "/input", value);
    if (in.has(FURTHER)) {
      given = pair(Operation.ADD, given, further(name), gateRows());
    }
    GraphValue all = new GraphValue(given, value.shape(), gateRows());
    TensorType held = TensorType.floats(outputs, batch, 1);
    int h = state(OUTPUT_STATE, held);
    TensorType cell = TensorType.floats(cells, batch, 1);
    int c = state(CELL_STATE, cell);
    Integer[] made = new Integer[steps];
    for (int i = 0; i < steps; i++) {
      int t = form.backwards() ? steps - 1 - i : i;
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
      made[t] = h;
    }
    return finish(name, List.of(made), h, held, c, cell);
  }

  /** What a second input adds to the gates. */
  private int further(String name) throws NetworkFileException, Unsupported {
    GraphValue second = in.value(FURTHER);
    if (second.type().positions() != value.type().positions() || !second.type().isFloat()) {
      throw in.bad("a second input of %s beside %s".formatted(second.shape(), value.shape()));
    }
    RecurrentSums sums = RecurrentSums.of(this, FURTHER + 1, second.shape().last(), false);
    return sums.add(name + "/second", second);
  }

  /** Keeps the states of the last step; the layer that makes the output of all steps' outputs. */
  Rearrange finish(String name, List<Integer> made, int h, TensorType held, int c, TensorType cell)
      throws NetworkFileException, Unsupported {
    Variables variables = in.graph().variables();
    variables.update(in.operator().input(OUTPUT_STATE), stateOf(OUTPUT_STATE, h, held));
    variables.update(in.operator().input(CELL_STATE), stateOf(CELL_STATE, c, cell));
    int step = outputs * batch;
    List<Axis> axes =
        form.timeFirst()
            ? List.of(Axis.of(outputs, batch), Axis.of(steps, step), Axis.of(batch, 1))
            : List.of(Axis.of(outputs, batch), Axis.of(batch, 1), Axis.of(steps, step));
    TensorType to = shape().type(held.kind());
    return new Rearrange(name, made, to, 0, axes);
  }

  private TensorType gateRows() {
    TensorType type = value.type();
    return TensorType.floats(gates().size() * cells, type.height(), type.width());
  }

  /** What the input adds to the gates in one step. */
  int step(String name, GraphValue all, int t, TensorType gates) {
    int positions = all.type().positions();
    List<Axis> axes =
        List.of(Axis.of(gates.channels(), positions), Axis.of(batch, form.timeFirst() ? 1 : steps));
    int base = form.timeFirst() ? t * batch : t;
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
      int constant = channels(weights, type);
      int product = pair(Operation.MULTIPLY, constant, cell, type);
      tensor = pair(Operation.ADD, tensor, product, type);
    }
    if (normalized()) {
      tensor = normalized(tensor, gate, type);
    }
    return function(tensor, type, function);
  }

  /** (x − mean) / √(variance + 10⁻⁸) · weight + bias, over the cells. */
  private int normalized(int tensor, int gate, TensorType type)
      throws NetworkFileException, Unsupported {
    int mean = repeated(mean(tensor, type), type);
    int shifted = pair(Operation.SUBTRACT, tensor, mean, type);
    int variance = mean(function(shifted, type, Activation.Function.SQUARE), type);
    TensorType one = CELLS.of(type);
    int wider =
        in.add(
            new ShapedActivation(
                unique("/variance"), variance, one, ShapedActivation.Formula.LINEAR, 1, 1e-8f));
    int inverse = function(wider, one, Activation.Function.RECIPROCAL_SQUARE_ROOT);
    int unit = pair(Operation.MULTIPLY, shifted, repeated(inverse, type), type);
    float[] weights = in.graph().constants().floats(in.constant(NORMS + gate, "norm weights"));
    int scaled = pair(Operation.MULTIPLY, unit, channels(weights, type), type);
    return pair(Operation.ADD, scaled, channels(bias(gate), type), type);
  }

  private int mean(int tensor, TensorType type) throws NetworkFileException {
    TensorType one = CELLS.of(type);
    return in.add(new Reduce(unique("/mean"), tensor, one, Reduce.Reduction.MEAN, CELLS, false));
  }

  /** A number for each sample of the batch, for all cells. */
  private int repeated(int tensor, TensorType type) throws NetworkFileException {
    List<Axis> axes = List.of(Axis.of(type.channels(), 0), Axis.of(type.positions(), 1));
    return in.add(new Rearrange(unique("/repeated"), List.of(tensor), type, 0, axes));
  }

  /** A number for each cell, for all samples of the batch. */
  private int channels(float[] numbers, TensorType type) throws NetworkFileException {
    if (numbers.length != cells) {
      throw in.bad("%d numbers for %d cells".formatted(numbers.length, cells));
    }
    float[] all = zeros(type);
    for (int i = 0; i < all.length; i++) {
      all[i] = numbers[i / batch];
    }
    return in.add(Constant.of(unique("/cells"), type, all));
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
    in.graph().constants().take(in.made(0), type.elements(), Float.BYTES);
    return new float[type.elements()];
  }

  private int pair(Operation operation, int left, int right, TensorType type)
      throws NetworkFileException {
    return in.add(new Elementwise(unique("/" + operation), left, right, type, operation));
  }

  private String unique(String suffix) throws NetworkFileException {
    return in.graph().unique(in.made(0).name() + suffix);
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
