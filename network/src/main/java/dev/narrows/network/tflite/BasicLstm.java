package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import java.util.List;

/**
 * The old LSTM with one matrix on the input beside the last output, on real numbers: gates input,
 * cell, forget, output, below each other.
 */
record BasicLstm(OperatorImport in, int batch, int cells) {
  private static final int LAST = 1;
  private static final int WEIGHTS = 2;
  private static final int BIAS = 3;
  private static final int STATE = 4;
  private static final int GATES = 4;

  static void add(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape weights = in.constant(WEIGHTS, "weights").shape();
    if (!value.type().isFloat()) {
      throw new Unsupported("of " + value.type().kind());
    }
    if (value.shape().rank() != 2 || weights.rank() != 2 || weights.dim(0) % GATES != 0) {
      throw in.bad("weights %s do not take %s".formatted(weights, value.shape()));
    }
    int cells = weights.dim(0) / GATES;
    int batch = value.shape().dim(0);
    if (value.shape().dim(1) + cells != weights.dim(1)) {
      throw in.bad("weights %s do not take %s".formatted(weights, value.shape()));
    }
    new BasicLstm(in, batch, cells).add(value, weights);
  }

  private void add(GraphValue value, FileShape weights) throws NetworkFileException, Unsupported {
    TensorType held = TensorType.floats(cells, batch, 1);
    GraphValue last = state(LAST, held);
    GraphValue before = state(STATE, held);
    int terms = weights.dim(1);
    TensorType both = TensorType.floats(terms, batch, 1);
    int row = in.add(Rearrange.joined(name("/both"), List.of(value.tensor(), last.tensor()), both));
    float[] bias = in.graph().constants().floats(in.constant(BIAS, "bias"));
    if (bias.length != GATES * cells) {
      throw in.bad("a bias of %d for %d gates".formatted(bias.length, GATES * cells));
    }
    float[] numbers = in.graph().constants().floats(in.constant(WEIGHTS, "weights"));
    TensorType gates = TensorType.floats(GATES * cells, batch, 1);
    FloatOperands operands =
        new FloatOperands(new FloatDotWeights(GATES * cells, terms, numbers), bias, false);
    int sums = in.add(new Convolution(name("/sums"), row, gates, Window.point(), 1, operands));
    int input = gate(sums, 0, held, Activation.Function.LOGISTIC);
    int update = gate(sums, 1, held, Activation.Function.TANH);
    int forget = gate(sums, 2, held, Activation.Function.LOGISTIC);
    int output = gate(sums, 3, held, Activation.Function.LOGISTIC);
    int fresh = pair(input, update, held, Elementwise.Operation.MULTIPLY);
    int kept = pair(forget, before.tensor(), held, Elementwise.Operation.MULTIPLY);
    int cell = pair(fresh, kept, held, Elementwise.Operation.ADD);
    int curve = in.add(new Activation(name("/cell"), cell, held, Activation.Function.TANH));
    int made = pair(output, curve, held, Elementwise.Operation.MULTIPLY);
    in.graph().variables().update(in.operator().input(LAST), of(made, last, held));
    in.graph().variables().update(in.operator().input(STATE), of(cell, before, held));
    for (int i = 0; i < in.operator().outputs().length; i++) {
      GraphValue result = i == 0 ? of(made, last, held) : of(cell, before, held);
      TfliteTensorEntry entry = in.made(i);
      if (i > 1) { // scratch
        continue;
      }
      if (!entry.shape().equals(result.shape()) || entry.type() != FileElementType.FLOAT32) {
        throw in.bad("output %d must be %s".formatted(i, result.shape()));
      }
      in.graph().put(in.operator(), entry.index(), result);
    }
  }

  private static GraphValue of(int tensor, GraphValue like, TensorType type) {
    return new GraphValue(tensor, like.shape(), type);
  }

  private GraphValue state(int number, TensorType held) throws NetworkFileException, Unsupported {
    if (!in.has(number)) {
      throw in.bad("its states are missing");
    }
    GraphValue value = in.graph().variables().updated(in, in.operator().input(number));
    if (!value.type().equals(held)) {
      throw in.bad("keeps %s, expected %s".formatted(value.type().describe(), held.describe()));
    }
    return value;
  }

  private int gate(int sums, int place, TensorType type, Activation.Function function)
      throws NetworkFileException {
    List<Axis> axes = List.of(Axis.of(type.elements(), 1));
    int part =
        in.add(new Rearrange(name("/gate"), List.of(sums), type, place * type.elements(), axes));
    return in.add(new Activation(name("/" + function), part, type, function));
  }

  private int pair(int left, int right, TensorType type, Elementwise.Operation operation)
      throws NetworkFileException {
    return in.add(new Elementwise(name("/" + operation), left, right, type, operation));
  }

  private String name(String suffix) throws NetworkFileException {
    return FileOrder.name(in, suffix);
  }
}
