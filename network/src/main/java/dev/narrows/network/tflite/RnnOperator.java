package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * The plain recurrent operators on real numbers: h = f(W·x + b + R·h), of one step or of a
 * sequence, whose steps are layers of their own.
 *
 * @param timeFirst whether steps come before the batch
 * @param steps T
 * @param batch B
 */
record RnnOperator(
    OperatorImport in, GraphValue value, boolean timeFirst, int steps, int batch, int units) {
  private static final int WEIGHTS = 1;
  private static final int RECURRENT = 2;
  private static final int BIAS = 3;
  private static final int STATE = 4;

  /** A step. */
  static void step(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape recurrent = in.constant(RECURRENT, "recurrent weights").shape();
    require(in, value.shape().rank() == 2 && recurrent.rank() == 2);
    int units = recurrent.dim(0);
    int batch = value.shape().dim(0);
    in.requireShape(FileShape.of(batch, units));
    new RnnOperator(in, value, true, 1, batch, units).add(0);
  }

  /** A sequence. */
  static void sequence(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape shape = value.shape();
    FileShape recurrent = in.constant(RECURRENT, "recurrent weights").shape();
    require(in, shape.rank() == 3 && recurrent.rank() == 2);
    boolean timeFirst = in.options().flag(0, "time_major");
    int units = recurrent.dim(0);
    in.requireShape(FileShape.of(shape.dim(0), shape.dim(1), units));
    new RnnOperator(
            in, value, timeFirst, shape.dim(timeFirst ? 0 : 1), shape.dim(timeFirst ? 1 : 0), units)
        .add(1);
  }

  private static void require(OperatorImport in, boolean fits) throws NetworkFileException {
    if (!fits) {
      throw in.bad("its input or recurrent weights have another number of dimensions");
    }
  }

  /**
   * Adds the steps.
   *
   * @param first option of this operator that is its activation
   */
  private void add(int first) throws NetworkFileException, Unsupported {
    if (!value.type().isFloat() || steps > LstmOperator.MOST_STEPS) {
      throw new Unsupported("%d steps of %s".formatted(steps, value.type().kind()));
    }
    boolean asymmetric = in.options().flag(first + 1, "asymmetric_quantize_inputs");
    String name = in.name();
    float[] bias = in.graph().constants().floats(in.constant(BIAS, "bias"));
    if (bias.length != units) {
      throw in.bad("a bias of %d for %d units".formatted(bias.length, units));
    }
    RecurrentSums inputs = sums(WEIGHTS, value.shape().last(), bias, asymmetric);
    RecurrentSums recurrent = sums(RECURRENT, units, new float[units], asymmetric);
    int all = inputs.add(name + "/input", value);
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
    List<Integer> made = new ArrayList<>();
    for (int t = 0; t < steps; t++) {
      int more = recurrent.add(name + "/recurrent", new GraphValue(h, value.shape(), held));
      List<Axis> axes =
          List.of(Axis.of(units, steps * batch), Axis.of(batch, timeFirst ? 1 : steps));
      int base = timeFirst ? t * batch : t;
      int given =
          in.add(new Rearrange(in.graph().unique(name + "/step"), List.of(all), held, base, axes));
      h = activated(name, sum(name, given, more, held), held, first);
      made.add(h);
    }
    in.graph().variables().update(state, new GraphValue(h, last.shape(), held));
    int step = units * batch;
    List<Axis> axes =
        timeFirst
            ? List.of(Axis.of(units, batch), Axis.of(steps, step), Axis.of(batch, 1))
            : List.of(Axis.of(units, batch), Axis.of(batch, 1), Axis.of(steps, step));
    in.finish(new Rearrange(name, made, in.made().made(), 0, axes));
  }

  private RecurrentSums sums(int input, int terms, float[] bias, boolean asymmetric)
      throws NetworkFileException, Unsupported {
    List<TfliteTensorEntry> entries = List.of(in.constant(input, "weights"));
    return RecurrentSums.of(in, entries, units, terms, bias, asymmetric);
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
