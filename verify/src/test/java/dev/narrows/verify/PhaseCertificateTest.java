package dev.narrows.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Certificates of a transposed convolution, whose taps meet inputs in turns. */
class PhaseCertificateTest {
  @TempDir Path folder;

  /** One row, kernel 1 × 4, stride 2: taps 0 and 2 meet together, and 1 and 3. */
  private static Network network() {
    TensorType from = new TensorType(1, 1, 3, new Quantization(IntegerFormat.unsigned(4), 0.5, 5));
    TensorType to = new TensorType(1, 1, 8, new Quantization(IntegerFormat.signed(8), 0.5, 0));
    return new Network(
        "up",
        from,
        List.of(
            new TransposedConvolution(
                "up",
                0,
                to,
                new Window(1, 4, 1, 2, 1, 1, 0, 0, 0, 0),
                1,
                new IntegerOperands(
                    new DenseWeights(1, 4, 4, new double[] {1}, new int[] {7, 2, 6, -7}),
                    new int[] {0},
                    FixedPointMultiplier.fromReals(new double[] {0.1}, 0, -128, 127)))),
        Map.of());
  }

  private Certified certified(String conventions, Guarantee guarantee) throws IOException {
    Summation stated = Summation.parse("exact" + conventions);
    Network network = SmallNetworks.owning(network(), stated);
    LayerRegisters registers = LayerRegisters.of(stated);
    return Certified.of(folder, network, CertifyNetwork.of(network, 9, registers, guarantee));
  }

  private Certified certified() throws IOException {
    return certified("", Guarantee.SUMS);
  }

  private static ObjectNode channel(Certified made) {
    return (ObjectNode) made.json().get("layers").get(0).get("channels").get(0);
  }

  /** Inputs in [−5, 10]: taps 0 and 2 reach [−65, 130], taps 1 and 3 [−80, 55]. */
  @Test
  void check_handWorkedPhases_needNineBitsForTheOneAndTheOther() throws IOException {
    Certified made = certified();
    assertThat(made.json().get("conventions").get("taps").stringValue()).isEqualTo("phase");
    assertThat(channel(made).get("lo").intValue()).isEqualTo(-80);
    assertThat(channel(made).get("hi").intValue()).isEqualTo(130);
    assertThat(channel(made).get("witness").get("input").toString()).isEqualTo("[15,5,15,5]");
    assertThat(made.verdict().holds()).isTrue();
    assertThat(made.verdict().channels()).isEqualTo(1);
    made.json().put("bits", 8);
    assertThat(made.verdict().sound()).isTrue();
    assertThat(made.verdict().breaches()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "':zero(raw)',SUMS",
    "':zero(raw):bias(preload)',SUMS",
    "'',TERMS",
    "':zero(raw)',TERMS"
  })
  void check_everyConventionAndGuarantee_isSound(String conventions, Guarantee guarantee)
      throws IOException {
    assertThat(certified(conventions, guarantee).verdict().sound()).isTrue();
  }

  /** [−65 − 80, 130 + 55]: what certificates said before they knew phases. */
  @Test
  void check_certificateOfAllTaps_isAProofOfLess() throws IOException {
    Certified old = Certified.of(folder, network(), 9, Map.of("up", new IntegerRange(0, 15)));
    assertThat(old.json().get("conventions").has("taps")).isFalse();
    assertThat(channel(old).get("lo").intValue()).isEqualTo(-145);
    assertThat(channel(old).get("hi").intValue()).isEqualTo(185);
    assertThat(old.verdict().holds()).isTrue();
    ((ObjectNode) old.json().get("conventions")).put("taps", "phase");
    assertThat(old.verdict().sound()).as("its numbers are those of all taps").isFalse();
  }

  @Test
  void check_phasesSoldAsAllTaps_areRefused() throws IOException {
    Certified made = certified();
    ((ObjectNode) made.json().get("conventions")).remove("taps");
    assertThat(made.verdict().disagreements()).anyMatch(d -> d.field().equals("hi"));
    ((ObjectNode) made.json().get("conventions")).put("taps", "even");
    assertThat(made.verdict().disagreements()).anyMatch(d -> d.field().equals("conventions.taps"));
  }

  @ParameterizedTest
  @CsvSource({"lo,-1", "lo,1", "hi,1", "hi,-1"})
  void check_oneNumberChanged_isRefused(String key, int by) throws IOException {
    Certified made = certified();
    channel(made).put(key, channel(made).get(key).intValue() + by);
    assertThat(made.verdict().disagreements()).anyMatch(d -> d.field().equals(key));
  }

  /** Taps 0, 1 and 2 make 150, which no output does. */
  @Test
  void check_witnessOfTwoPhases_isRefused() throws IOException {
    Certified made = certified();
    ObjectNode witness = (ObjectNode) channel(made).get("witness");
    witness.put("write", 150);
    ArrayNode input = witness.putArray("input");
    input.add(15).add(15).add(15).add(5);
    ArrayNode order = witness.putArray("order");
    order.add(0).add(1).add(2).add(3);
    assertThat(made.verdict().disagreements()).anyMatch(d -> d.field().equals("witness.input"));
  }
}
