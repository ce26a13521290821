package dev.narrows.network.format;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Positions;
import dev.narrows.network.layer.Rotary;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Store;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.util.Arrays;

/** Layers of real numbers from what the graph says of them. */
record FloatLayerReader(LayerTensors tensors) {
  /** The layer of a kind that {@link GraphReader} does not know itself. */
  Layer read(Fields fields, String name, String kind, int[] inputs, TensorType output)
      throws IOException {
    int input = inputs[0];
    return switch (kind) {
      case "matmul" ->
          new MatMul(
              name,
              input,
              inputs[1],
              output,
              form(fields),
              fields.integer("heads"),
              fields.integer("rightHeads"));
      case "realAdd" -> binary(name, inputs, output, Elementwise.Operation.ADD);
      case "realSubtract" -> binary(name, inputs, output, Elementwise.Operation.SUBTRACT);
      case "realMultiply" -> binary(name, inputs, output, Elementwise.Operation.MULTIPLY);
      case "relu", "relu6", "reluN1To1", "hardSwish", "logistic", "tanh", "gelu", "silu" ->
          new Activation(name, input, output, function(kind));
      case "meanPool" -> new MeanPool(name, input, output, GraphReader.window(fields));
      case "softmax" ->
          new Softmax(name, input, output, (float) fields.number("scale"), fields.flag("causal"));
      case "dequantize" -> new Dequantize(name, input, output);
      case "store" -> new Store(name, input, output);
      case "layerNorm" -> normalization(fields, name, input, output, Normalization.Form.LAYER);
      case "rmsNorm" -> normalization(fields, name, input, output, Normalization.Form.RMS);
      case "rotary" ->
          new Rotary(
              name, input, output, fields.integer("headSize"), (float) fields.number("base"));
      case "embedding" -> {
        float[] table = tensors.floats(name + ".table", fields.integer("rows"), output.channels());
        yield new Embedding(name, input, output, table);
      }
      case "positions" ->
          new Positions(
              name,
              input,
              output,
              tensors.floats(name + ".table", output.channels(), output.height(), output.width()));
      default -> throw fields.bad("unknown kind of layer \"" + kind + "\"");
    };
  }

  /** How many tensors a layer of a kind reads. */
  static int inputs(String kind) {
    return switch (kind) {
      case "matmul", "realAdd", "realSubtract", "realMultiply" -> 2;
      default -> 1;
    };
  }

  private static Elementwise binary(
      String name, int[] inputs, TensorType output, Elementwise.Operation operation) {
    return new Elementwise(name, inputs[0], inputs[1], output, operation);
  }

  private static Activation.Function function(String kind) {
    return Arrays.stream(Activation.Function.values())
        .filter(function -> function.toString().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static MatMul.Form form(Fields fields) throws NetworkFileException {
    String form = fields.text("form");
    return switch (form) {
      case "scores" -> MatMul.Form.SCORES;
      case "mix" -> MatMul.Form.MIX;
      default -> throw fields.bad("\"form\" must be scores or mix, got \"" + form + "\"");
    };
  }

  private Normalization normalization(
      Fields fields, String name, int input, TensorType output, Normalization.Form form)
      throws IOException {
    int channels = output.channels();
    float epsilon = (float) fields.number("epsilon");
    float[] shift =
        fields.flag("shifted") ? tensors.floats(name + ".shift", channels) : new float[0];
    float[] gain = tensors.floats(name + ".gain", channels);
    return new Normalization(name, input, output, form, gain, shift, epsilon);
  }
}
