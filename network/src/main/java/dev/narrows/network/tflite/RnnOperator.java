package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * The plain recurrent operators on real numbers: h = f(W·x + b + R·h), of one step or of a
 * sequence, whose steps are layers of their own.
 *
 * @param form how it is to be run
 * @param steps T
 * @param batch B
 */
record RnnOperator(
    OperatorImport in, GraphValue value, LstmForm form, int steps, int batch, int units) {
  private static final int WEIGHTS = 1;
  private static final int RECURRENT = 2;
  private static final int BIAS = 3;
  private static final int STATE = 4;
  private static final int FURTHER = 5; // a second input, then its weights

  /** A step. */
  static void step(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape recurrent = in.constant(RECURRENT, "recurrent weights").shape();
    require(in, value.shape().rank() == 2 && recurrent.rank() == 2);
    int units = recurrent.dim(0);
    int batch = value.shape().dim(0);
    in.requireShape(FileShape.of(batch, units));
    LstmForm form = new LstmForm(true, in.options().flag(1, "asymmetric_quantize_inputs"), false);
    in.finish(new RnnOperator(in, value, form, 1, batch, units).add(in.name(), 0));
  }

  /** A sequence. */
  static void sequence(OperatorImport in) throws NetworkFileException, Unsupported {
    boolean timeFirst = in.options().flag(0, "time_major");
    boolean asymmetric = in.options().flag(2, "asymmetric_quantize_inputs");
    RnnOperator rnn = of(in, new LstmForm(timeFirst, asymmetric, false));
    in.requireShape(rnn.shape());
    in.finish(rnn.add(in.name(), 1));
  }

  /** An operator on a sequence, whose inputs are in the order of UNIDIRECTIONAL_SEQUENCE_RNN. */
  static RnnOperator of(OperatorImport in, LstmForm form) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape shape = value.shape();
    FileShape recurrent = in.constant(RECURRENT, "recurrent weights").shape();
    require(in, shape.rank() == 3 && recurrent.rank() == 2);
    int steps = shape.dim(form.timeFirst() ? 0 : 1);
    int batch = shape.dim(form.timeFirst() ? 1 : 0);
    return new RnnOperator(in, value, form, steps, batch, recurrent.dim(0));
  }

  /** The shape of all steps' outputs. */
  FileShape shape() {
    return form.timeFirst() ? FileShape.of(steps, batch, units) : FileShape.of(batch, steps, units);
  }

  private static void require(OperatorImport in, boolean fits) throws NetworkFileException {
    if (!fits) {
      throw in.bad("its input or recurrent weights have another number of dimensions");
    }
  }

  /**
   * Adds the steps; the layer that makes their output.
   *
   * @param name of that layer
   * @param option of this operator that is its activation
   */
  Rearrange add(String name, int option) throws NetworkFileException, Unsupported {
    if (!value.type().isFloat() || steps > LstmOperator.MOST_STEPS) {
      throw new Unsupported("%d steps of %s".formatted(steps, value.type().kind()));
    }
    float[] bias = in.graph().constants().floats(in.constant(BIAS, "bias"));
    if (bias.length != units) {
      throw in.bad("a bias of %d for %d units".formatted(bias.length, units));
    }
    RecurrentSums inputs = sums(WEIGHTS, value.shape().last(), bias);
    RecurrentSums recurrent = sums(RECURRENT, units, new float[units]);
    int all = inputs.add(name + "/input", value);
    if (in.has(FURTHER)) {
      all = further(name, all);
    }
    TensorType held = TensorType.floats(units, batch, 1);
    int state = in.operator().input(STATE);
    if (state < 0) {
      throw in.bad("its state is missing");
    }
    GraphValue last = in.graph().variables().updated(in, state);
    if (!last.type().equals(held)) {
      throw in.bad("keeps %s, expected %s".formatted(last.type().describe(), held.describe()));
    }
    int h = last.tensor();
    Integer[] made = new Integer[steps];
    for (int i = 0; i < steps; i++) {
      int t = form.backwards() ? steps - 1 - i : i;
      int more = recurrent.add(name + "/recurrent", new GraphValue(h, value.shape(), held));
      List<Axis> axes =
          List.of(Axis.of(units, steps * batch), Axis.of(batch, form.timeFirst() ? 1 : steps));
      int base = form.timeFirst() ? t * batch : t;
      int given =
          in.add(new Rearrange(in.graph().unique(name + "/step"), List.of(all), held, base, axes));
      h = activated(name, sum(name, given, more, held), held, option);
      made[t] = h;
    }
    in.graph().variables().update(state, new GraphValue(h, last.shape(), held));
    int step = units * batch;
    List<Axis> axes =
        form.timeFirst()
            ? List.of(Axis.of(units, batch), Axis.of(steps, step), Axis.of(batch, 1))
            : List.of(Axis.of(units, batch), Axis.of(batch, 1), Axis.of(steps, step));
    FileShape whole = value.shape().rank() == 2 ? FileShape.of(batch, units) : shape();
    return new Rearrange(name, List.of(made), whole.type(held.kind()), 0, axes);
  }

  /** The same with what a second input adds. */
  private int further(String name, int all) throws NetworkFileException, Unsupported {
    GraphValue second = in.value(FURTHER);
    TensorType type = TensorType.floats(units, value.type().height(), value.type().width());
    if (second.type().positions() != type.positions() || !second.type().isFloat()) {
      throw in.bad("a second input of %s beside %s".formatted(second.shape(), value.shape()));
    }
    RecurrentSums sums = sums(FURTHER + 1, second.shape().last(), new float[units]);
    return sum(name, all, sums.add(name + "/second", second), type);
  }

  private RecurrentSums sums(int input, int terms, float[] bias)
      throws NetworkFileException, Unsupported {
    List<TfliteTensorEntry> entries = List.of(in.constant(input, "weights"));
    return RecurrentSums.of(in, entries, units, terms, bias, form.asymmetric());
  }

  private int sum(String name, int left, int right, TensorType type) {
    String own = in.graph().unique(name + "/sum");
    return in.add(new Elementwise(own, left, right, type, Elementwise.Operation.ADD));
  }

  private int activated(String name, int tensor, TensorType type, int option)
      throws NetworkFileException, Unsupported {
    int code = in.options().i8(option, 0, "activation");
    if (code == 4) {
      String own = in.graph().unique(name + "/tanh");
      return in.add(new Activation(own, tensor, type, Activation.Function.TANH));
    }
    return PointOperators.activated(in, name, tensor, type, FusedActivation.of(code));
  }
}
