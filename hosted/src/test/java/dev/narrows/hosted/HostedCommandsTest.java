package dev.narrows.hosted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.cli.Narrows;
import dev.narrows.cli.terminal.Terminal;
import dev.narrows.data.file.Npy;
import dev.narrows.network.FileAccumulators;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.StringStringEntryProto;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a quantised network with an operator in the middle that is hosted. */
class HostedCommandsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final String MODEL = GOLDEN.resolve("sampled.onnx").toString();
  private static final String DATA = GOLDEN.resolve("sampled.npz").toString();

  @TempDir private Path folder;

  /** What a command said. */
  private record Answer(int exitCode, String out, String err) {}

  private static Answer narrows(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Narrows.run(
            new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false),
            arguments);
    return new Answer(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void run_everyInput_givesTheRuntimesOwnOutputs() {
    Answer answer = narrows("run", MODEL, "--input", DATA, "--out", folder.toString());
    assertThat(answer.exitCode()).as(answer.err()).isZero();
    assertThat(Npy.read(folder.resolve("0_y.npy")).toFloats())
        .containsExactly(Npy.read(GOLDEN.resolve("sampled.npy")).toFloats());
  }

  @Test
  void evaluate_registers_countsClassesOfDotProducts() {
    Answer answer =
        narrows(
            "evaluate",
            MODEL,
            "--data",
            DATA,
            "--format",
            "json",
            "--accumulator",
            "int32:wrap",
            "--accumulator",
            "int14:saturate");
    assertThat(answer.exitCode()).as(answer.err()).isZero();
    assertThat(answer.out())
        .contains("\"accuracy\" : 100.0", "\"differing\" : 0")
        .contains("\"dots\" : 10440"); // (8 · 64 + 10) · 20
  }

  @Test
  void analyze_withoutData_boundsSumsAndListsWhatIsHosted() {
    Answer answer = narrows("analyze", MODEL);
    assertThat(answer.exitCode()).as(answer.err()).isZero();
    assertThat(answer.out())
        .containsPattern("conv +conv2d +27 +8 +8 +0\\.\\.255 ")
        .containsPattern("dense +dense +512 +10 +8 +0\\.\\.255 ")
        .contains("Hosted: 6 nodes in 3 segments")
        .containsPattern("GridSample +1");
  }

  @Test
  void analyze_registersThatTheFileStates_areCheckedOrSaidNotToBe() throws IOException {
    String contract = " sums offset after sha256:" + "0".repeat(64) + " ";
    ModelProto model =
        ModelProto.parseFrom(Files.readAllBytes(Path.of(MODEL))).toBuilder()
            .addMetadataProps(
                StringStringEntryProto.newBuilder()
                    .setKey(FileAccumulators.PROPERTY)
                    .setValue("24" + contract + "conv\n10" + contract + "dense\n"))
            .build();
    String file = Files.write(folder.resolve("stated.onnx"), model.toByteArray()).toString();
    Answer answer = narrows("analyze", file);
    assertThat(answer.exitCode()).isEqualTo(3);
    assertThat(answer.out())
        .containsPattern("conv +24 +\\d+ +sums +offset +after +proved otherwise")
        .containsPattern("dense +10 +\\d+ +sums +offset +after +unchecked");
    assertThat(answer.err())
        .contains("and other operators decide which they take: it cannot be checked");
  }

  @Test
  void certify_enoughBits_holdsAndIsVerified() {
    Answer made = narrows("certify", MODEL, "--bits", "22", "--out", folder.toString());
    assertThat(made.exitCode()).as(made.err()).isZero();
    Answer checked = narrows("verify", MODEL, folder.resolve("certificate.json").toString());
    assertThat(checked.exitCode()).as(checked.err()).isZero();
    assertThat(checked.out()).containsPattern("conv +conv2d +8 +22 bits").contains("dense");
    assertThat(narrows("certify", MODEL, "--bits", "16").exitCode()).isEqualTo(3);
  }

  @Test
  void certify_realSumsBesideIntegers_coversTheIntegersAndSaysSo() throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(Path.of(MODEL))).toBuilder();
    model
        .getGraphBuilder()
        .addInput(Graphs.shaped("real", NdType.FLOAT, 1, 2))
        .addInitializer(Graphs.tensor("weights", NdTensor.of(new float[] {1, 2, 3, 4}, 2, 2)))
        .addNode(Graphs.node("MatMul", List.of("real", "weights"), "more"))
        .addOutput(Graphs.shaped("more", NdType.FLOAT, 1, 2));
    String file = Files.write(folder.resolve("both.onnx"), model.build().toByteArray()).toString();
    Answer made = narrows("certify", file, "--bits", "22", "--out", folder.toString());
    assertThat(made.exitCode()).as(made.err()).isZero();
    assertThat(made.err()).doesNotContain("left out");
    Answer checked = narrows("verify", file, folder.resolve("certificate.json").toString());
    assertThat(checked.exitCode()).as(checked.err()).isZero();
    assertThat(checked.out()).containsPattern("computes in floating point +the MatMul of more");
    assertThat(narrows("certify", file, "--bits", "16").exitCode()).isEqualTo(3);
  }

  /** Codes less a zero point that the run computes: whatever it is, they are −255 to 255. */
  @Test
  void certify_zeroPointsThatAreComputed_areBoundedWithoutData() throws IOException {
    byte[] codes = {100, -100, 100, -100, 100, -100, 100, -100}; // sums of ±255 · 400
    for (String last : List.of("Relu", "Unique")) { // all ours, or partly hosted
      ModelProto model =
          Graphs.model(
              GraphProto.newBuilder()
                  .addInput(Graphs.shaped("x", NdType.FLOAT, 1, 4))
                  .addInitializer(
                      Graphs.tensor(
                          "w", new NdTensor(NdType.INT8, List.of(4, 2), codes, List.of())))
                  .addNode(Graphs.node("DynamicQuantizeLinear", List.of("x"), "q", "s", "z"))
                  .addNode(Graphs.node("MatMulInteger", List.of("q", "w", "z"), "sums"))
                  .addNode(
                      Graphs.node("Cast", List.of("sums"), "real")
                          .addAttribute(Graphs.integer("to", NdType.FLOAT.number())))
                  .addNode(Graphs.node(last, List.of("real"), "y"))
                  .addOutput(Graphs.value("y", NdType.FLOAT)));
      String file = Files.write(folder.resolve(last + ".onnx"), model.toByteArray()).toString();
      Answer analysis = narrows("analyze", file);
      assertThat(analysis.out()).as(analysis.err()).contains("-255..255");
      Answer made = narrows("certify", file, "--bits", "18", "--out", folder.toString());
      assertThat(made.exitCode()).as(made.err()).isZero();
      Answer checked = narrows("verify", file, folder.resolve("certificate.json").toString());
      assertThat(checked.exitCode()).as(checked.err() + checked.out()).isZero();
      assertThat(narrows("certify", file, "--bits", "17").exitCode()).isEqualTo(3);
    }
  }

  @Test
  void evaluate_floatingRegisterForIntegers_isRefused() {
    Answer answer = narrows("evaluate", MODEL, "--data", DATA, "--accumulator", "m10e5");
    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("conv").contains("m10e5").doesNotContain("internal");
  }
}
