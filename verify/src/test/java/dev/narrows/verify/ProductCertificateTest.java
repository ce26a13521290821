package dev.narrows.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Certificates of products of two activations: two heads of three terms. */
class ProductCertificateTest {
  @TempDir Path folder;

  private static Quantization codes(int zeroPoint) {
    return new Quantization(IntegerFormat.signed(8), 0.5, zeroPoint);
  }

  /** Left codes −20 … 90 with zero point 11, right ones −70 … 60 with zero point −9. */
  private static Network attention() {
    TensorType left = new TensorType(6, 4, 1, codes(11));
    TensorType right = new TensorType(6, 4, 1, codes(-9));
    TensorType out = new TensorType(2, 4, 4, codes(5));
    return new Network(
        "attention",
        left,
        List.of(
            new Clamp("clamp", 0, left, -20, 90),
            new Rescale(
                "half", 0, right, FixedPointMultiplier.fromReals(new double[] {4}, -9, -70, 60)),
            new IntegerMatMul(
                "scores",
                1,
                2,
                out,
                2,
                FixedPointMultiplier.fromReals(new double[] {0.01}, 5, -128, 127))),
        Map.of());
  }

  private Certified certified(int bits, String conventions, Guarantee guarantee)
      throws IOException {
    LayerRegisters registers = LayerRegisters.of(Summation.parse("exact" + conventions));
    return Certified.of(
        folder, attention(), CertifyNetwork.of(attention(), bits, registers, guarantee));
  }

  private Certified certified() throws IOException {
    return certified(15, "", Guarantee.SUMS);
  }

  private static ObjectNode head(Certified certified, int head) {
    return (ObjectNode) certified.json().get("layers").get(0).get("channels").get(head);
  }

  /** [−31, 79] · [−61, 69]: a term from −79·61 = −4819 to 79·69 = 5451, three of them. */
  @Test
  void check_handWorkedProduct_holdsAtFifteenBitsAndNotAtFourteen() throws IOException {
    Certified made = certified();
    assertThat(head(made, 1).get("inputRange").toString()).isEqualTo("[-31,79]");
    assertThat(head(made, 1).get("rightRange").toString()).isEqualTo("[-61,69]");
    assertThat(head(made, 1).get("lo").longValue()).isEqualTo(-3 * 4819);
    assertThat(head(made, 1).get("hi").longValue()).isEqualTo(3 * 5451);
    assertThat(Widths.of(3L * 5451)).isEqualTo(15);
    assertThat(made.verdict().holds()).isTrue();
    assertThat(made.verdict().channels()).isEqualTo(2);
    made.json().put("bits", 14);
    assertThat(made.verdict().sound()).isTrue();
    assertThat(made.verdict().breaches())
        .hasSize(2)
        .allSatisfy(breach ->
            assertThat(breach.toString())
                .contains("input codes [90, 90, 90] times [60, 60, 60] in the order [0, 1, 2]"));
  }

  @ParameterizedTest
  @CsvSource({"'',SUMS", "':zero(offset)',SUMS", "':zero(offset):bias(preload)',TERMS", "'',TERMS"})
  void check_everyGuarantee_holds(String conventions, Guarantee guarantee) throws IOException {
    assertThat(certified(20, conventions, guarantee).verdict().holds()).isTrue();
  }

  @Test
  void check_rawConvention_isNotTheProducts() throws IOException {
    assertThat(certified(20, ":zero(raw)", Guarantee.SUMS).verdict().disagreements())
        .anyMatch(d -> d.field().equals("conventions.zero"));
  }

  @ParameterizedTest
  @CsvSource({"lo,-1", "hi,1", "hi,-1", "bits,1"})
  void check_oneNumberChanged_saysWhere(String key, int by) throws IOException {
    Certified made = certified();
    head(made, 1).put(key, head(made, 1).get(key).longValue() + by);
    assertThat(made.verdict().disagreements())
        .anySatisfy(
            d -> assertThat(d.toString()).startsWith("layer \"scores\", channel 1, " + key));
  }

  /** The lie that hangs together: lo, hi and bits follow from the smaller range. */
  @ParameterizedTest
  @CsvSource({"inputRange,-31,78,-61,69", "rightRange,-31,79,-60,68"})
  void check_rangeNarrowedConsistently_isRefused(String key, int a, int b, int c, int d)
      throws IOException {
    Certified made = certified();
    for (int head = 0; head < 2; head++) {
      ObjectNode node = head(made, head);
      node.putArray("inputRange").add(a).add(b);
      node.putArray("rightRange").add(c).add(d);
      long lo = 3L * Math.min((long) b * c, (long) a * d);
      long hi = 3L * Math.max((long) b * d, (long) a * c);
      node.put("lo", lo).put("hi", hi).put("bits", Widths.of(lo, hi));
    }
    assertThat(made.verdict().disagreements()).anyMatch(found -> found.field().equals(key));
  }

  @Test
  void check_widerRange_isAProofOfLess() throws IOException {
    Certified made = certified();
    for (int head = 0; head < 2; head++) {
      ObjectNode node = head(made, head);
      node.putArray("rightRange").add(-62).add(69);
      node.put("lo", -3L * 79 * 62);
    }
    assertThat(made.verdict().holds()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rightRange", "witness"})
  void check_partLeftOut_isRefused(String key) throws IOException {
    Certified made = certified();
    head(made, 0).remove(key);
    assertThat(made.verdict().disagreements()).anyMatch(d -> d.field().equals(key));
  }

  @Test
  void check_headOrLayerLeftOut_isRefused() throws IOException {
    Certified made = certified();
    ((ArrayNode) made.json().get("layers").get(0).get("channels")).remove(1);
    assertThat(made.verdict().disagreements()).anyMatch(d -> d.field().equals("channels"));
    ((ArrayNode) made.json().get("layers")).remove(0);
    assertThat(made.verdict().disagreements()).anyMatch(d -> d.field().equals("layers"));
    made.json().putArray("skipped").add("scores");
    assertThat(made.verdict().disagreements()).anyMatch(d -> d.field().equals("skipped"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw", "neither"})
  void check_conventionSwapped_isRefused(String zero) throws IOException {
    Certified made = certified();
    ((ObjectNode) made.json().get("conventions")).put("zero", zero);
    assertThat(made.verdict().sound()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "input,witness.input",
    "right,witness.right",
    "order,witness.order",
    "start,witness.start"
  })
  void check_spoiledWitness_isRefused(String key, String field) throws IOException {
    Certified made = certified();
    ObjectNode witness = (ObjectNode) head(made, 0).get("witness");
    if (key.equals("start")) {
      witness.put(key, 1);
    } else {
      witness.putArray(key).add(99).add(0).add(1);
    }
    assertThat(made.verdict().disagreements()).anyMatch(d -> d.field().startsWith(field));
  }

  @Test
  void check_secondFactorForWeights_isRefused() throws IOException {
    Certified hand =
        Certified.of(folder, SmallNetworks.byHand(), 7, Map.of("fc", new IntegerRange(0, 15)));
    head(hand, 0).putArray("rightRange").add(0).add(0);
    assertThat(hand.verdict().disagreements()).anyMatch(d -> d.field().equals("rightRange"));
  }

  @ParameterizedTest
  @CsvSource({"rightRange,'[1]'", "rightRange,7", "right,'[1.5,1,1]'", "right,'{}'"})
  void check_malformedSecondFactor_isRefusedByPlace(String key, String value) throws IOException {
    Certified made = certified();
    ObjectNode head = head(made, 1);
    ObjectNode node = key.equals("right") ? (ObjectNode) head.get("witness") : head;
    node.set(key, JsonMapper.shared().readTree(value));
    assertThatThrownBy(made::verdict)
        .isInstanceOf(CertificateFileException.class)
        .hasMessageContaining("layers[0].channels[1]")
        .hasMessageContaining("." + key);
  }
}
