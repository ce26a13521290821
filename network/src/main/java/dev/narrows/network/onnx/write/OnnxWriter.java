package dev.narrows.network.onnx.write;

import dev.narrows.network.AccumulatorContract;
import dev.narrows.network.FileAccumulators;
import dev.narrows.network.Network;
import dev.narrows.network.UnsupportedLayersException;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.OperatorSetIdProto;
import dev.narrows.network.pass.AccumulatorContracts;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes networks as ONNX. Tensors are [N][C][H][W], or [N][C] behind a dense layer; codes stay
 * codes at inputs and outputs; a layer's tensor, and the node that does its work, have its name.
 *
 * @see "docs/onnx.md"
 */
public final class OnnxWriter {
  private OnnxWriter() {}

  /**
   * A model and what it computes otherwise than its network.
   *
   * @param notes a line a layer; none for a file that computes the network's own integers
   */
  public record Written(ModelProto model, List<String> notes) {
    public Written {
      notes = List.copyOf(notes);
    }
  }

  /**
   * Writes atomically: a crash leaves the old file or the new one.
   *
   * @return what the file computes otherwise than its network, a line a layer
   * @throws UnsupportedLayersException naming every layer that the form cannot express
   */
  public static List<String> write(Network network, OnnxOptions options, Path file)
      throws IOException {
    Written written = model(network, options);
    ModelFiles.write(written.model(), file);
    return written.notes();
  }

  /** The model as it is written. */
  public static Written model(Network network, OnnxOptions options) {
    if (options.form() == OnnxForm.QONNX) {
      return QonnxWriter.written(network);
    }
    if (options.form() == OnnxForm.FLOAT) {
      requireNumbers(network);
    }
    Map<String, AccumulatorContract> own = AccumulatorContracts.of(network);
    return StatedRegisters.written(
        own, (narrow, stated) -> written(network, options, narrow, stated));
  }

  private static Written written(
      Network network,
      OnnxOptions options,
      boolean narrow,
      Map<String, AccumulatorContract> stated) {
    GraphTensors tensors = new GraphTensors(network, options, narrow);
    ExportNotes notes = new ExportNotes();
    LayerNodes nodes = new LayerNodes(tensors, notes);
    List<String> unsupported = new ArrayList<>();
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      try {
        tensors.add(nodes.of(layer, i + 1));
      } catch (CannotExpress e) {
        unsupported.add("\"%s\" (%s) %s".formatted(layer.name(), layer.kind(), e.getMessage()));
        // a stand-in, for the layers that follow are looked at too
        tensors.add(tensors.made(i + 1, 4));
      }
    }
    if (!unsupported.isEmpty()) {
      throw new UnsupportedLayersException(options.form().toString(), unsupported);
    }
    return new Written(model(network, options, tensors, stated), notes.lines());
  }

  private static void requireNumbers(Network network) {
    List<String> codes =
        network.layers().stream()
            .filter(layer -> layer instanceof SummingLayer sums && !sums.isFloat())
            .map(layer -> "\"%s\" (%s) sums codes".formatted(layer.name(), layer.kind()))
            .toList();
    if (!codes.isEmpty()) {
      throw new UnsupportedLayersException(
          "onnx (plain real numbers; onnx-qdq and onnx-qoperator have codes)", codes);
    }
  }

  private static ModelProto model(
      Network network,
      OnnxOptions options,
      GraphTensors tensors,
      Map<String, AccumulatorContract> stated) {
    Map<String, String> texts = texts(network);
    List<OnnxValue> inputs = new ArrayList<>(List.of(tensors.input()));
    List<OnnxValue> outputs = new ArrayList<>(List.of(tensors.get(network.tensors() - 1)));
    for (int i = 0; i < network.layers().size(); i++) {
      if (network.layers().get(i) instanceof InputLayer input) {
        inputs.add(tensors.made(i + 1, 4));
        input
            .feedback()
            .ifPresent(feedback -> {
              OnnxValue kept = tensors.get(feedback.tensor());
              texts.put("narrows.state." + input.name(), kept.name());
              if (outputs.stream().noneMatch(output -> output.name().equals(kept.name()))) {
                outputs.add(kept);
              }
            });
      }
    }
    Map<String, Map<String, String>> contracts = new HashMap<>();
    stated.forEach((layer, contract) -> contracts.put(layer, contract.properties()));
    GraphProto graph = tensors.graph().build(inputs, outputs, contracts);
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(options.irVersion())
            .setProducerName("narrows")
            .addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain("").setVersion(options.opset()))
            .setGraph(graph);
    if (tensors.graph().domains().contains(GraphBuilder.MICROSOFT)) {
      model.addOpsetImport(
          OperatorSetIdProto.newBuilder().setDomain(GraphBuilder.MICROSOFT).setVersion(1));
    }
    return model.addAllMetadataProps(PropertyEntries.entries(texts)).build();
  }

  /**
   * What a network says of itself, and how the codes of its input and output read. What its own
   * file promised of registers is not repeated: it is computed again.
   */
  static Map<String, String> texts(Network network) {
    Map<String, String> texts = new TreeMap<>();
    network.metadata().forEach((key, value) -> texts.put("narrows." + key, value));
    texts.remove("narrows." + FileAccumulators.KEY);
    describe(texts, "input", network.input());
    describe(texts, "output", network.output());
    return texts;
  }

  /** How stored codes read: real = scale · (code − zeroPoint). */
  private static void describe(Map<String, String> texts, String which, TensorType type) {
    if (!type.isFloat()) {
      texts.put("narrows." + which + ".scale", Double.toString(type.quantization().scale()));
      texts.put(
          "narrows." + which + ".zeroPoint", Integer.toString(type.quantization().zeroPoint()));
    }
  }
}
