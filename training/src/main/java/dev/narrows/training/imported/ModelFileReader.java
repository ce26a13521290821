package dev.narrows.training.imported;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import dev.narrows.network.onnx.read.NotAllNativeException;
import dev.narrows.network.onnx.read.OnnxReader;
import dev.narrows.network.onnx.read.TrainableGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads float graphs in ONNX. */
public final class ModelFileReader {
  private static final List<String> WITH_WEIGHTS =
      List.of("Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization");

  private ModelFileReader() {}

  /**
   * Reads a model and its start values.
   *
   * @throws BadInputException naming the file and every node that cannot be trained
   */
  public static ImportedModel read(Path file) {
    try {
      OnnxModel model = OnnxFile.read(file);
      requireOwnWeights(model);
      TrainableGraph graph = OnnxReader.trainable(model);
      requireOneImage(model, graph.network());
      requireNoBatch(model);
      return new ModelBuilder(graph, nodes(model)).model();
    } catch (NotAllNativeException e) {
      throw BadInputException.in(file, UntrainableException.message(e.reasons()));
    } catch (NetworkFileException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    } catch (UntrainableException e) {
      throw BadInputException.in(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw BadInputException.in(file, e.getMessage() == null ? "cannot be read" : e.getMessage());
    }
  }

  /** Two layers that share an array would be trained apart. */
  private static void requireOwnWeights(OnnxModel model) {
    Map<String, OnnxNode> owners = new HashMap<>();
    for (OnnxNode node : model.graph().nodes()) {
      if (!WITH_WEIGHTS.contains(node.key())) {
        continue;
      }
      for (String input : node.inputs()) {
        OnnxNode owner =
            model.graph().initializers().containsKey(input) ? owners.put(input, node) : null;
        if (owner != null) {
          throw BadInputException.in(
              model.file(),
              "%s and %s share the weights \"%s\"; expected each layer to have its own"
                  .formatted(owner.place(), node.place(), input));
        }
      }
    }
  }

  private static void requireOneImage(OnnxModel model, Network network) {
    Path file = model.file();
    List<String> inputs = model.graph().required().stream().map(OnnxValueInfo::name).toList();
    if (inputs.size() != 1) {
      throw BadInputException.in(
          file,
          "expected one input, got %s; weights that are missing count as inputs%s"
              .formatted(inputs, readers(model, inputs)));
    }
    if (!network.states().isEmpty()) {
      throw BadInputException.in(file, "keeps a state from one input to the next");
    }
    if (!network.input().isFloat()) {
      throw BadInputException.in(
          file, "expected an input of floats, got " + network.input().describe());
    }
  }

  /** The nodes that read an input in the place of weights. */
  private static String readers(OnnxModel model, List<String> inputs) {
    return model.graph().nodes().stream()
        .filter(node -> WITH_WEIGHTS.contains(node.key()))
        .flatMap(node ->
            node.inputs().stream()
                .skip(1)
                .filter(inputs::contains)
                .map(input -> ", as \"%s\" of %s".formatted(input, node.place())))
        .collect(Collectors.joining());
  }

  /** A file that was exported with several images takes them as one, whatever its layers are. */
  private static void requireNoBatch(OnnxModel model) {
    OnnxValueInfo input = model.graph().required().getFirst();
    List<OnnxValueInfo.Dim> dims = input.dims().orElse(List.of());
    if (dims.size() > 1 && dims.getFirst().size().orElse(1) > 1) {
      throw BadInputException.in(
          model.file(),
          "input \"%s\", %s, takes %d images at once; export it for one, or with its first dimension free"
              .formatted(input.name(), input.describe(), dims.getFirst().size().getAsInt()));
    }
  }

  private static Map<String, OnnxNode> nodes(OnnxModel model) {
    Map<String, OnnxNode> nodes = new HashMap<>();
    model.graph().nodes().forEach(node -> nodes.put(node.name().strip(), node));
    return nodes;
  }
}
