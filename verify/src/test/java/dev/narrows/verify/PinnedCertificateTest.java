package dev.narrows.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.verify.Verdict.CheckedLayer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** A layer pinned to a register is proved against that register, under its conventions. */
class PinnedCertificateTest {
  private static final LayerRegisters EXACT = LayerRegisters.exact();
  private static final LayerRegisters NAMED =
      LayerRegisters.of(Summation.exact(), Map.of("fc", Summation.exact()));

  @TempDir Path folder;

  /** Weights (1 1), codes 0 … 255 with zero point 3, a bias of 10^6 that the file adds after. */
  private static Network pinned(String register) {
    Quantization codes = new Quantization(IntegerFormat.unsigned(8), 1, 3);
    DenseWeights weights = new DenseWeights(1, 2, 8, new double[] {1}, new int[] {1, 1});
    IntegerOperands operands =
        new IntegerOperands(
                weights, new int[] {1_000_000}, new FloatScale(new float[] {1}, 3, 0, 255))
            .pinnedTo(Summation.parse(register));
    TensorType out = new TensorType(1, 1, 1, codes);
    return new Network(
        "n", new TensorType(2, 1, 1, codes), List.of(new Dense("fc", 0, out, operands)), Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    // register, lo, hi, bits, its width
    "int12:saturate:bias(preload), -6, 1000504, 21, 12",
    "int21:saturate:bias(preload), -6, 1000504, 21, 21",
    "int20:wrap:bias(preload), -6, 1000504, 21, 20",
    "int22:wrap:zero(raw):bias(preload), 0, 1000504, 21, 22",
    "int12:resolved:bias(preload), -6, 1000504, 21, 12",
    "int12:resolved(transient), -6, 504, 10, 12",
    "int9:saturate:sorted, -6, 504, 10, 9",
    "int10:saturate:zero(raw), 0, 510, 10, 10",
    "'int9:saturate:chunk(1,int32)', -6, 504, 10, 9",
    "'int12:saturate:chunk(1,int32)', -6, 504, 10, 12"
  })
  void check_narrowRegister_isWhatTheLayerIsHeldTo(
      String register, long lo, long hi, int bits, int width) throws IOException {
    Network network = pinned(register);
    for (int claimed : new int[] {4, 12, 40}) {
      Certificate certificate = CertifyNetwork.of(network, claimed, EXACT);
      assertThat(certificate.holds()).isEqualTo(bits <= width);
      assertThat(certificate.layers().getFirst().own()).hasValue(width);
      Certified made = Certified.of(folder, network, certificate);
      Verdict verdict = made.verdict();
      assertThat(verdict.disagreements()).isEmpty();
      assertThat(verdict.holds()).isEqualTo(bits <= width);
      CheckedLayer layer = verdict.covered().getFirst();
      assertThat(layer.pinned()).hasValue(register);
      assertThat(List.of(layer.lo(), layer.hi())).containsExactly(lo, hi);
      assertThat(List.of(layer.bits(), layer.register())).containsExactly(bits, width);
    }
  }

  @Test
  void check_registerLeftUnsaid_isTheNetworksAllTheSame() throws IOException {
    Network network = pinned("int12:saturate:bias(preload)");
    Certified made = Certified.of(folder, network, CertifyNetwork.of(network, 40, EXACT));
    ObjectNode layer = (ObjectNode) made.json().get("layers").get(0);
    layer.remove("registerBits");
    assertThat(made.verdict().holds()).isFalse();
    layer.put("registerBits", 40);
    assertThat(made.verdict().disagreements())
        .extracting(Object::toString)
        .containsExactly("layer \"fc\", registerBits: certificate says 40, found 12");
  }

  /** What {@code certify --all} asks: does the layer fit P bits, under its own conventions? */
  @ParameterizedTest
  @CsvSource({"12,false", "20,false", "21,true"})
  void check_layerNamed_isHeldToTheClaimedWidth(int bits, boolean holds) throws IOException {
    Network network = pinned("int12:saturate:bias(preload)");
    Certificate certificate = CertifyNetwork.of(network, bits, NAMED);
    assertThat(certificate.holds()).isEqualTo(holds);
    assertThat(certificate.layers().getFirst().channels().getFirst().hi()).isEqualTo(1_000_504);
    assertThat(certificate.conventions()).containsEntry("pinned", "replaced");
    Certified made = Certified.of(folder, network, certificate);
    assertThat(made.verdict().sound()).isTrue();
    assertThat(made.verdict().holds()).isEqualTo(holds);
    assertThat(made.verdict().covered().getFirst().pinned()).isEqualTo(Optional.empty());
    ((ObjectNode) made.json().get("conventions")).remove("pinned");
    assertThat(made.verdict().breaches().getFirst().register()).isEqualTo(12);
    ((ObjectNode) made.json().get("conventions")).put("pinned", "kept");
    assertThat(made.verdict().disagreements())
        .anyMatch(d -> d.field().equals("conventions.pinned"));
  }

  @ParameterizedTest
  @CsvSource({"int9:saturate:sorted,true", "int8:saturate:sorted,false"})
  void check_termsOfANarrowRegister_haveToFitIt(String register, boolean holds) throws IOException {
    Network network = pinned(register);
    Certificate certificate = CertifyNetwork.of(network, 30, EXACT, Guarantee.TERMS);
    assertThat(certificate.holds()).isEqualTo(holds);
    Verdict verdict = Certified.of(folder, network, certificate).verdict();
    assertThat(verdict.sound()).isTrue();
    assertThat(verdict.holds()).isEqualTo(holds);
  }

  @Test
  void check_exactRegister_leavesNothingToProve() throws IOException {
    Network network = pinned("exact:bias(preload)");
    Certified made = Certified.of(folder, network, CertifyNetwork.of(network, 8, EXACT));
    made.json().putArray("skipped").add("fc");
    assertThat(made.verdict().holds()).isTrue();
    assertThat(made.verdict().nothingToProve()).isTrue();
    Certified named = Certified.of(folder, network, CertifyNetwork.of(network, 20, NAMED));
    assertThat(named.verdict().sound()).isTrue();
    assertThat(named.verdict().breaches().getFirst().hi())
        .as("its bias is preloaded")
        .isEqualTo(1_000_504);
  }
}
