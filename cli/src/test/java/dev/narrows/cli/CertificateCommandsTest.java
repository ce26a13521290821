package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What {@code certify} and {@code verify} say they cover, and of which register. */
class CertificateCommandsTest {
  private static final Quantization CODES = new Quantization(IntegerFormat.unsigned(8), 1, 0);
  private static final TensorType PAIR = new TensorType(2, 1, 1, CODES);

  @TempDir private Path folder;

  /** Two sums of two codes, with a bias of 10^6 each. */
  private static Dense fc(BiasPlacement bias, Optional<String> pinned) {
    return new Dense(
        "fc",
        0,
        PAIR,
        new IntegerOperands(
            new DenseWeights(2, 2, 8, new double[] {1, 1}, new int[] {1, 1, 1, 1}),
            new int[] {1_000_000, 1_000_000},
            new FloatScale(new float[] {1}, 0, 0, 255),
            ZeroPointConvention.OFFSET,
            bias,
            pinned.map(Summation::parse)));
  }

  private Path model(Layer... layers) throws IOException {
    Path file = folder.resolve("n.narrows");
    NarrowsWriter.write(new Network("n", PAIR, List.of(layers), Map.of()), file);
    return file;
  }

  private Said certify(Path model, Object... more) {
    List<Object> words = new ArrayList<>(List.of("certify", model, "--out", folder));
    words.addAll(List.of(more));
    if (!words.contains("--format")) {
      words.addAll(List.of("--format", "json"));
    }
    return Said.by(words.toArray());
  }

  private Said verify(Path model, Object... more) {
    Object[] words = new Object[more.length + 3];
    words[0] = "verify";
    words[1] = model;
    words[2] = folder.resolve("certificate.json");
    System.arraycopy(more, 0, words, 3, more.length);
    return Said.by(words);
  }

  private static JsonNode json(Said said) {
    return JsonMapper.shared().readTree(said.out());
  }

  private static AveragePool pool(String name, int input) {
    return new AveragePool(name, input, PAIR, Window.point(), new IntegerMean(1, 0, 0, 255));
  }

  @Test
  void certifyAndVerify_everyLayer_isCoveredOrNamedWithTheReason() throws IOException {
    Path model =
        model(
            fc(BiasPlacement.AFTER, Optional.empty()),
            Add.of("sum", 0, PAIR, 1, PAIR, PAIR),
            pool("average", 2));
    Said certify = certify(model, "--bits", "12");
    assertThat(certify.exitCode()).as(certify.err()).isZero();
    JsonNode certificate = json(certify);
    assertThat(certificate.path("guarantee").asString()).isEqualTo("sums");
    assertThat(certificate.path("claim").asString()).startsWith("no sum leaves its register");
    assertThat(certificate.path("holds").asBoolean()).isTrue();
    assertThat(certificate.path("layers").path(0).path("zero").asString()).isEqualTo("offset");
    assertThat(certificate.path("layers").path(0).path("bias").asString()).isEqualTo("after");
    Said verify = verify(model, "--format", "json");
    assertThat(verify.exitCode()).as(verify.err()).isZero();
    JsonNode verdict = json(verify);
    assertThat(verdict.path("schema").asString()).isEqualTo("narrows/verdict/1");
    assertThat(verdict.path("items").path(0).toString())
        .isEqualTo(
            "{\"bits\":12,\"layers\":1,\"channels\":2,\"disagreements\":0,\"breaches\":0,"
                + "\"holds\":true}");
    assertThat(verdict.path("guarantee").asString()).isEqualTo("sums");
    assertThat(verdict.path("covered").path(0).path("name").asString()).isEqualTo("fc");
    assertThat(verdict.path("covered").path(0).path("bias").asString()).isEqualTo("after");
    for (JsonNode told : List.of(certificate, verdict)) {
      assertThat(told.path("notCovered").size()).isEqualTo(2);
      assertThat(told.path("notCovered").path(0).path("name").asString()).isEqualTo("sum");
      assertThat(told.path("notCovered").path(0).path("reason").asString())
          .startsWith("adds or multiplies two tensors");
      assertThat(told.path("notCovered").path(1).path("name").asString()).isEqualTo("average");
      assertThat(told.path("notCovered").path(1).path("reason").asString()).startsWith("pooling");
      assertThat(told.path("outside").toString())
          .contains("requantisation", "bias added after the sum: fc");
    }
    assertThat(verify(model).out())
        .contains(
            ": holds",
            "guarantee sums: no sum leaves its register",
            "12 bits",
            "Not covered",
            "average");
    assertThat(certify(model, "--bits", "12", "--format", "table").out())
        .contains("guarantee sums", "no sum leaves its register", "Not covered", "pooling");
  }

  /** The certificate of a network that adds its bias afterwards, offered for one that preloads. */
  @Test
  void verify_conventionOfAnotherNetwork_isRefusedByName() throws IOException {
    Path after = model(fc(BiasPlacement.AFTER, Optional.empty()));
    assertThat(certify(after, "--bits", "12").exitCode()).isZero();
    JsonNode forged = JsonMapper.shared().readTree(folder.resolve("certificate.json"));
    Path preload = model(fc(BiasPlacement.PRELOAD, Optional.empty()));
    certify(preload, "--bits", "21");
    JsonNode own = JsonMapper.shared().readTree(folder.resolve("certificate.json"));
    ((ObjectNode) forged).set("network", own.get("network"));
    ((ObjectNode) forged.get("conventions")).put("bias", "after");
    JsonMapper.shared().writeValue(folder.resolve("certificate.json"), forged);
    Said verify = verify(preload);
    assertThat(verify.exitCode()).isEqualTo(3);
    assertThat(verify.out()).contains("does not hold");
    assertThat(verify.err())
        .contains(
            "layer \"fc\", conventions.bias: certificate says after, found preload, the network's"
                + " own");
  }

  @ParameterizedTest
  @CsvSource({
    "int12:saturate:bias(preload), 3",
    "int21:saturate:bias(preload), 0",
    "int12:saturate, 0",
    "int8:wrap, 3",
    "int21:resolved:bias(preload), 0",
    "'int12:saturate:chunk(1,int32):bias(preload)', 3"
  })
  void certifyAndVerify_pinnedRegister_isWhatIsProved(String register, int exitCode)
      throws IOException {
    Path model = model(fc(BiasPlacement.AFTER, Optional.of(register)));
    for (String bits : List.of("4", "12", "30")) {
      Said certify = certify(model, "--bits", bits);
      assertThat(certify.exitCode()).as(certify.err()).isEqualTo(exitCode);
      assertThat(json(certify).path("layers").path(0).path("register").asString())
          .isEqualTo(register);
      Said verify = verify(model);
      assertThat(verify.exitCode()).as(verify.err()).isEqualTo(exitCode);
      assertThat(verify.out()).contains(register);
      if (exitCode == 3) {
        assertThat(certify.err()).contains("runs in a register of its own, " + register);
        assertThat(verify.err()).contains("its register has");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"12, 3", "20, 3", "21, 0"})
  void certifyAll_pinnedConventions_stay(String bits, int exitCode) throws IOException {
    Path model = model(fc(BiasPlacement.AFTER, Optional.of("int12:saturate:bias(preload)")));
    Said certify = certify(model, "--all", "--bits", bits);
    assertThat(certify.exitCode()).isEqualTo(exitCode);
    assertThat(json(certify).path("layers").path(0).path("bias").asString()).isEqualTo("preload");
    assertThat(verify(model).exitCode()).isEqualTo(exitCode);
  }

  @Test
  void analyze_pinnedConventions_areInTheBounds() throws IOException {
    Path model = model(fc(BiasPlacement.AFTER, Optional.of("int12:saturate:bias(preload)")));
    JsonNode layer = json(Said.by("analyze", model, "--format", "json")).path("layers").path(0);
    assertThat(layer.path("bounds").path("signSum").asInt()).isEqualTo(21);
  }

  @Test
  void certifyAndVerify_nothingToProve_isSaid() throws IOException {
    Path model = model(pool("average", 0));
    Said certify = certify(model, "--bits", "8", "--format", "table");
    assertThat(certify.exitCode()).isZero();
    assertThat(certify.out()).contains("nothing to prove");
    assertThat(certify.err()).contains("nothing to prove", "average");
    Said verify = verify(model);
    assertThat(verify.exitCode()).isZero();
    assertThat(verify.out()).contains("nothing to prove").doesNotContain("true", "Covered");
    assertThat(verify.err()).contains("nothing to prove");
    assertThat(json(verify(model, "--format", "json")).path("nothingToProve").asBoolean()).isTrue();
  }
}
