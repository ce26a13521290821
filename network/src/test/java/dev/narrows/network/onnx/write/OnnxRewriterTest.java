package dev.narrows.network.onnx.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import dev.narrows.network.AccumulatorContract;
import dev.narrows.network.FileAccumulators;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.StringStringEntryProto;
import dev.narrows.network.onnx.proto.TensorProto;
import dev.narrows.network.pass.AccumulatorContracts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxRewriterTest {
  @TempDir private Path folder;

  private final Map<String, AccumulatorContract> contracts =
      AccumulatorContracts.of(UsualNetworks.of(new Random(3), 6));

  private Path written(boolean properties, int irVersion) throws IOException {
    ModelProto.Builder model =
        OnnxWriter.model(UsualNetworks.of(new Random(3), 6), OnnxOptions.of(OnnxForm.QDQ))
            .model()
            .toBuilder()
            .setIrVersion(irVersion)
            .addMetadataProps(StringStringEntryProto.newBuilder().setKey("mine").setValue("kept"));
    if (!properties) {
      model.getGraphBuilder().getNodeBuilderList().forEach(node -> node.clearMetadataProps());
    }
    Path file = folder.resolve("in.onnx");
    Files.write(file, model.build().toByteArray());
    return file;
  }

  @Test
  void rewritten_nodesWithoutContract_staySameBytes() throws IOException {
    ModelProto before = ModelProto.parseFrom(Files.readAllBytes(written(false, 10)));
    OnnxModel model = OnnxFile.read(folder.resolve("in.onnx"));
    Path out = folder.resolve("out.onnx");
    OnnxRewriter.write(model, contracts, out);
    ModelProto after = ModelProto.parseFrom(Files.readAllBytes(out));
    int contracted = 0;
    for (int i = 0; i < before.getGraph().getNodeCount(); i++) {
      var old = before.getGraph().getNode(i);
      var written = after.getGraph().getNode(i);
      assertThat(written.toBuilder().clearMetadataProps().build().toByteString())
          .isEqualTo(old.toByteString());
      contracted += written.getMetadataPropsCount() > 0 ? 1 : 0;
    }
    assertThat(contracted).isEqualTo(contracts.size()).isPositive();
    assertThat(after.toBuilder().setGraph(before.getGraph()).build()).isEqualTo(before);
    for (OnnxNode node : OnnxFile.read(out).graph().nodes()) {
      AccumulatorContract.of(node.metadata())
          .ifPresent(read -> assertThat(read).isEqualTo(contracts.get(node.name())));
    }
  }

  @Test
  void rewritten_twice_keepsOneContractANode() throws IOException {
    OnnxModel model = OnnxFile.read(written(true, 10));
    ModelProto again = OnnxRewriter.model(model, contracts);
    assertThat(again).isEqualTo(model.proto());
  }

  @Test
  void rewritten_modelOfAnOlderVersion_listsContractsItself() throws IOException {
    OnnxModel model = OnnxFile.read(written(false, 8));
    ModelProto after = OnnxRewriter.model(model, contracts);
    assertThat(after.getGraph()).isEqualTo(model.proto().getGraph());
    assertThat(after.getMetadataPropsList())
        .anySatisfy(entry -> {
          assertThat(entry.getKey()).isEqualTo(FileAccumulators.PROPERTY);
          assertThat(FileAccumulators.of(entry.getValue()).layers()).isEqualTo(contracts);
        })
        .anySatisfy(entry -> assertThat(entry.getKey()).isEqualTo("mine"));
  }

  @Test
  void rewritten_contractOfNoNode_isRefused() throws IOException {
    OnnxModel model = OnnxFile.read(written(false, 10));
    AccumulatorContract any = contracts.values().iterator().next();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OnnxRewriter.model(model, Map.of("nobody", any)))
        .withMessageContaining("no nodes [nobody]");
  }

  @Test
  void rewritten_constantsInOtherFiles_areTakenIn() throws IOException {
    ModelProto.Builder model =
        ModelProto.parseFrom(Files.readAllBytes(written(false, 10))).toBuilder();
    TensorProto.Builder tensor =
        model.getGraphBuilder().getInitializerBuilderList().stream()
            .filter(constant -> constant.getRawData().size() > 8)
            .findFirst()
            .orElseThrow();
    ByteString bytes = tensor.getRawData();
    Files.write(folder.resolve("weights.bin"), bytes.toByteArray());
    tensor
        .clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(
            StringStringEntryProto.newBuilder().setKey("location").setValue("weights.bin"));
    Path in = folder.resolve("in.onnx");
    Files.write(in, model.build().toByteArray());
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    OnnxRewriter.write(OnnxFile.read(in), contracts, elsewhere.resolve("out.onnx"));
    ModelProto after = ModelProto.parseFrom(Files.readAllBytes(elsewhere.resolve("out.onnx")));
    assertThat(after.getGraph().getInitializerList())
        .allSatisfy(constant -> assertThat(constant.hasDataLocation()).isFalse())
        .anySatisfy(constant -> assertThat(constant.getRawData()).isEqualTo(bytes));
    try (Stream<Path> files = Files.list(elsewhere)) {
      assertThat(files).hasSize(1);
    }
  }
}
