package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Weights of a recurrent operator, of several gates one after the other, decoded once for all
 * steps: numbers, or integers with a scale a gate.
 *
 * @param integers empty for numbers
 * @param scales of the integers, one a channel
 * @param asymmetric whether what is multiplied with integers is quantised with a zero point
 */
record RecurrentSums(
    OperatorImport in,
    List<IntegerOperands> integers,
    float[] scales,
    List<FloatOperands> numbers,
    float[] bias,
    boolean asymmetric) {
  /** The weights of all gates, of which the first is the operator's input {@code first}. */
  static RecurrentSums of(LstmOperator lstm, int first, int terms, boolean biased)
      throws NetworkFileException, Unsupported {
    List<TfliteTensorEntry> entries = new ArrayList<>();
    float[] bias = new float[lstm.present().size() * lstm.cells()];
    for (int gate : lstm.present()) {
      if (biased) {
        float[] one = lstm.bias(gate);
        if (one.length != lstm.cells()) {
          throw lstm.in().bad("a bias of %d for %d cells".formatted(one.length, lstm.cells()));
        }
        System.arraycopy(one, 0, bias, entries.size() * lstm.cells(), one.length);
      }
      entries.add(lstm.in().constant(first + gate, "weights"));
    }
    return of(lstm.in(), entries, lstm.cells(), terms, bias, asymmetric(lstm));
  }

  /** One matrix and its bias, if it has one. */
  static RecurrentSums single(LstmOperator lstm, int weights, int biasInput, int terms)
      throws NetworkFileException, Unsupported {
    OperatorImport in = lstm.in();
    float[] bias =
        in.has(biasInput)
            ? in.graph().constants().floats(in.constant(biasInput, "bias"))
            : new float[lstm.outputs()];
    if (bias.length != lstm.outputs()) {
      throw in.bad("a bias of %d for %d outputs".formatted(bias.length, lstm.outputs()));
    }
    List<TfliteTensorEntry> entries = List.of(in.constant(weights, "weights"));
    return of(in, entries, lstm.outputs(), terms, bias, asymmetric(lstm));
  }

  private static boolean asymmetric(LstmOperator lstm) {
    return lstm.form().asymmetric();
  }

  /** The weights of entries of one shape, one after the other. */
  static RecurrentSums of(
      OperatorImport in,
      List<TfliteTensorEntry> entries,
      int rows,
      int terms,
      float[] bias,
      boolean asymmetric)
      throws NetworkFileException, Unsupported {
    FileShape expected = FileShape.of(rows, terms);
    for (TfliteTensorEntry entry : entries) { // before anything of that size is made
      if (!entry.shape().equals(expected)) {
        throw in.bad("weights must be %s, got %s".formatted(expected, entry.shape()));
      }
    }
    boolean integers = entries.getFirst().type() == FileElementType.INT8;
    int size = Math.multiplyExact(rows, terms);
    int[] codes = new int[integers ? Math.multiplyExact(size, entries.size()) : 0];
    float[] numbers = new float[integers ? 0 : Math.multiplyExact(size, entries.size())];
    float[] scales = new float[integers ? bias.length : 0];
    for (int i = 0; i < entries.size(); i++) {
      TfliteTensorEntry entry = entries.get(i);
      if (integers && entry.type() == FileElementType.INT8 && entry.scales().count() == 1) {
        int[] one = in.graph().constants().integers(entry, entry.zero(0));
        System.arraycopy(one, 0, codes, i * size, size);
        Arrays.fill(scales, i * rows, (i + 1) * rows, entry.scale(0));
      } else if (!integers && entry.type().codes().isEmpty()) {
        System.arraycopy(in.graph().constants().floats(entry), 0, numbers, i * size, size);
      } else {
        throw new Unsupported("weights of " + entry.type());
      }
    }
    return new RecurrentSums(
        in,
        integers ? List.of(HybridOperators.operands(bias.length, 8, codes)) : List.of(),
        scales,
        integers
            ? List.of()
            : List.of(
                new FloatOperands(new FloatDotWeights(bias.length, terms, numbers), bias, false)),
        bias,
        asymmetric);
  }

  /** Adds the layers that multiply a value with the weights; the index of what they make. */
  int add(String name, GraphValue value) throws NetworkFileException, Unsupported {
    String layer = in.graph().unique(name);
    if (!integers.isEmpty()) {
      return in.add(
          HybridOperators.rows(in, layer, value, asymmetric, integers.getFirst(), scales, bias));
    }
    TensorType from = value.type();
    TensorType type = TensorType.floats(bias.length, from.height(), from.width());
    return in.add(
        new Convolution(layer, value.tensor(), type, Window.point(), 1, numbers.getFirst()));
  }
}
