package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.Widths;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.testing.SharedData;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Forged certificates of a TFLite file made by others, and what its witnesses do. */
@Tag("data")
class TfliteCertificatesTest {
  private static final String RESNET = "mlperf-tiny/pretrainedResnet_quant.tflite";
  private static final String SPEECH = "tflite-micro/micro_speech_quantized.tflite";
  private static final int SAFE = 23;

  @TempDir private Path folder;

  private Path model = Path.of("");
  private ObjectNode certificate = JsonMapper.shared().createObjectNode();

  @BeforeEach
  void certify() {
    model = SharedData.file("models/" + RESNET);
    certificate = certificate(model, SAFE, 0);
  }

  private static ObjectNode certificate(Path file, int bits, int exitCode) {
    Said said = Said.by("certify", file, "--bits", bits);
    assertThat(said.exitCode()).as(said.err()).isEqualTo(exitCode);
    return (ObjectNode) JsonMapper.shared().readTree(said.out());
  }

  private Said verify(String text) throws IOException {
    return Said.by("verify", model, Files.writeString(folder.resolve("c.json"), text));
  }

  private void requireRefused(String... complaint) throws IOException {
    Said said = verify(certificate.toString());
    assertThat(said.exitCode()).as(said.err()).isEqualTo(3);
    assertThat(said.err()).contains(complaint);
  }

  private ArrayNode layers() {
    return (ArrayNode) certificate.get("layers");
  }

  private ObjectNode channel(int layer, int channel) {
    return (ObjectNode) layers().get(layer).get("channels").get(channel);
  }

  @ParameterizedTest
  @CsvSource({"0,lo,-1", "4,hi,1", "9,bits,1", "7,hi,-1"})
  void verify_oneNumberChanged_saysWhere(int layer, String key, int by) throws IOException {
    assertThat(verify(certificate.toString()).exitCode()).isZero();
    ObjectNode channel = channel(layer, 5);
    channel.put(key, channel.get(key).asLong() + by);
    requireRefused(
        "layer \"" + layers().get(layer).get("name").asString() + "\", channel 5, " + key);
  }

  /** The lie that hangs together: a smaller range, and lo, hi and bits computed from it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 8, 9})
  void verify_inputRangeNarrowedConsistently_isRefused(int layer) throws IOException {
    Network network = NetworkFiles.read(model);
    String name = layers().get(layer).get("name").asString();
    IntegerOperands operands = ((DotLayer) network.layer(name)).integers();
    int terms = operands.terms();
    int[] weights = operands.weights().dense();
    for (int c = 0; c < operands.channels(); c++) {
      ObjectNode channel = channel(layer, c);
      long top = channel.get("inputRange").get(1).asLong() - 1;
      assertThat(channel.get("inputRange").get(0).asLong()).isZero();
      long lo = Math.min(0, operands.bias()[c]);
      long hi = Math.max(0, operands.bias()[c]);
      for (int k = 0; k < terms; k++) {
        long product = top * weights[c * terms + k];
        lo += Math.min(0, product);
        hi += Math.max(0, product);
      }
      channel.putArray("inputRange").add(0).add(top);
      channel.put("lo", lo).put("hi", hi).put("bits", Widths.of(lo, hi));
    }
    requireRefused("layer \"" + name + "\", channel 0, inputRange");
  }

  @Test
  void verify_channelLeftOut_isRefused() throws IOException {
    ((ArrayNode) layers().get(2).get("channels")).remove(7);
    requireRefused("certificate says 15, found 16");
  }

  @Test
  void verify_layerLeftOut_isRefused() throws IOException {
    String name = layers().get(6).get("name").asString();
    layers().remove(6);
    requireRefused("layer \"" + name + "\", layers: certificate says nothing");
    ((ArrayNode) certificate.get("skipped")).add(name);
    requireRefused("layer \"" + name + "\", skipped");
  }

  @ParameterizedTest
  @CsvSource({"zero,raw", "bias,after", "flattening,input channel first", "guarantee,terms"})
  void verify_conventionsSwapped_isRefused(String key, String value) throws IOException {
    ((ObjectNode) certificate.get("conventions")).put(key, value);
    requireRefused("certificate says");
  }

  @Test
  void verify_anotherNetworksCertificate_isRefused() throws IOException {
    String own = certificate.get("network").get("sha256").asString();
    certificate = certificate(SharedData.file("models/" + SPEECH), 25, 0);
    requireRefused("network.sha256");
    ((ObjectNode) certificate.get("network")).put("sha256", own); // and passed off as its own
    requireRefused("found a layer that sums");
  }

  @ParameterizedTest
  @CsvSource({"narrows/certificate/1,narrows/certificate/9", "\"bits\",bits", "[,{"})
  void verify_unknownSchemaOrUnparsable_isBadInput(String part, String by) throws IOException {
    String text = certificate.toString();
    assertThat(text).contains(part);
    Said said = verify(text.replace(part, by));
    assertThat(said.exitCode()).as(said.err()).isEqualTo(2);
    assertThat(said.err()).contains("c.json");
  }

  /** The channel alone, fed the witness in its order, overflows one bit less and not its width. */
  @Test
  void certify_oneBitLess_everyWidestChannelsWitnessOverflowsInTheExecutor() throws IOException {
    ObjectNode narrow = certificate(model, SAFE - 1, 3);
    Network network = NetworkFiles.read(model);
    int run = 0;
    for (JsonNode layer : narrow.get("layers")) {
      int c = -1;
      for (JsonNode channel : layer.get("channels")) {
        c++;
        if (channel.get("bits").asInt() < SAFE && c > 0) {
          continue; // of other layers the first channel
        }
        DotLayer dot = (DotLayer) network.layer(layer.get("name").asString());
        OverflowProfile profile = run(network, dot, c, channel.get("witness"));
        int bits = channel.get("bits").asInt();
        assertThat(profile.dots()).isEqualTo(1);
        assertThat(profile.count(OverflowClass.CLEAN, bits - 1)).isZero();
        assertThat(profile.count(OverflowClass.CLEAN, bits)).isEqualTo(1);
        run++;
      }
    }
    assertThat(run).isGreaterThan(10);
  }

  private static OverflowProfile run(Network network, DotLayer dot, int c, JsonNode witness) {
    IntegerOperands own = dot.integers();
    int terms = own.terms();
    int[] weights = new int[terms];
    int[] codes = new int[terms];
    for (int i = 0; i < terms; i++) {
      int k = witness.get("order").get(i).asInt();
      weights[i] = own.weights().dense()[c * terms + k];
      codes[i] = witness.get("input").get(k).asInt();
    }
    long start = witness.get("start").asLong();
    assertThat(start).isIn(0L, (long) own.bias()[c]);
    TensorType input = new TensorType(terms, 1, 1, network.tensor(dot.input()).quantization());
    TensorType output = new TensorType(1, 1, 1, dot.output().quantization());
    IntegerOperands operands =
        new IntegerOperands(
            new DenseWeights(1, terms, 8, new double[] {1}, weights),
            new int[] {(int) start},
            new DoubleScale(new double[] {0.001}, 0, -128, 127),
            own.zero(),
            own.biasPlacement(),
            Optional.empty());
    Network alone =
        new Network("alone", input, List.of(new Dense("dot", 0, output, operands)), Map.of());
    try (Executor executor = Executor.of(alone, LayerRegisters.exact(), 1)) {
      return executor
          .run(
              codes,
              1,
              RunOptions.none()
                  .withProfiles(new RunOptions.Profiling(new SummationOrder.Sequential(), false)))
          .profiles()
          .getFirst()
          .total();
    }
  }
}
