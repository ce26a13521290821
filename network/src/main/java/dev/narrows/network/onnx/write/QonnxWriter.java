package dev.narrows.network.onnx.write;

import dev.narrows.network.AccumulatorContract;
import dev.narrows.network.FileAccumulators;
import dev.narrows.network.Network;
import dev.narrows.network.UnsupportedLayersException;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.OperatorSetIdProto;
import dev.narrows.network.onnx.write.OnnxWriter.Written;
import dev.narrows.network.onnx.write.QonnxGraph.Translation;
import dev.narrows.network.pass.AccumulatorContracts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes networks as QONNX: ONNX with integers in float tensors, each annotated with the datatype
 * it holds ({@code finn_datatype}), and with {@code MultiThreshold} nodes of the domain {@code
 * qonnx.custom_op.general}.
 *
 * <p>Inside the graph a tensor holds code − zero point, so that padding is 0; its input and output
 * hold stored codes. A layer's tensor has the layer's name. Sums are exact: the datatype of a sum
 * is the sign-sum bound's, and no sum may need more than the 24 bits that float32 carries.
 *
 * @see <a href="https://github.com/fastmachinelearning/qonnx">QONNX</a>
 */
public final class QonnxWriter {
  /** What messages call the format. */
  private static final String FORMAT = "QONNX";

  /** ONNX 1.6: the operator set that QONNX's tools prefer. */
  private static final long OPERATOR_SET = 11;

  private static final long IR_VERSION = 6;

  private QonnxWriter() {}

  /**
   * Writes atomically: a crash leaves the old file or the new one.
   *
   * @throws UnsupportedLayersException naming every layer that QONNX cannot express exactly
   */
  public static void write(Network network, Path file) throws IOException {
    ModelFiles.write(model(network), file);
  }

  /** The model as it is written. */
  static ModelProto model(Network network) {
    return written(network).model();
  }

  /** The model, and a note for each register that it cannot state as narrow as it is. */
  static Written written(Network network) {
    UnsupportedLayersException.requireCodes(FORMAT, network);
    GraphProto graph = graph(network);
    return StatedRegisters.written(
        AccumulatorContracts.of(network),
        (narrow, stated) -> new Written(model(network, graph, stated), List.of()));
  }

  private static GraphProto graph(Network network) {
    return switch (QonnxGraph.of(network)) {
      case Translation.Whole(GraphProto whole) -> whole;
      case Translation.Impossible(List<String> layers) ->
          throw new UnsupportedLayersException(FORMAT, layers);
    };
  }

  private static ModelProto model(
      Network network, GraphProto graph, Map<String, AccumulatorContract> stated) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("narrows")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATOR_SET))
            .addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(GraphBuilder.QONNX).setVersion(1))
            .setGraph(graph);
    Map<String, String> texts = OnnxWriter.texts(network);
    // nodes of this version have no properties
    texts.put(FileAccumulators.PROPERTY, new FileAccumulators(stated).text());
    return model.addAllMetadataProps(PropertyEntries.entries(texts)).build();
  }
}
