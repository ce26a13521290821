package dev.narrows.repair.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.testing.SharedData;
import dev.narrows.network.FileConstants;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.files.RepairedFile;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.repair.channel.Levers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Networks made by others, repaired on inputs by chance. */
@Tag("data")
class RepairedFilesTest {
  private static final int BITS = 16;
  private static final int IMAGES = 24;

  /** 2²⁷ inputs a channel are still enumerated. */
  private static final int MOST_TERMS = 27;

  @Test
  void of_resNet8In16Bits_noExtremeInputLeavesTheRegister() throws IOException {
    Network network =
        NetworkFiles.read(SharedData.file("models/mlperf-tiny/pretrainedResnet_quant.tflite"));
    LayerRegisters registers = registers(BITS);
    Network repaired = repaired(network, Optional.empty(), RepairRequest.of(registers), IMAGES);
    assertThat(CertifyNetwork.of(network, BITS, registers).holds()).isFalse();
    assertThat(CertifyNetwork.of(repaired, BITS, registers).holds()).isTrue();
    List<DotLayer> small =
        repaired.layers().stream()
            .filter(DotLayer.class::isInstance)
            .map(DotLayer.class::cast)
            .filter(dot -> dot.terms() <= MOST_TERMS)
            .toList();
    assertThat(small).extracting(DotLayer::terms).contains(16, 27);
    for (DotLayer dot : small) {
      for (int channel = 0; channel < dot.integers().channels(); channel++) {
        assertThat(leaving(repaired, dot, channel)).as("%s, %d", dot.name(), channel).isZero();
      }
    }
    DotLayer first = (DotLayer) network.layer(small.getFirst().name());
    assertThat(leaving(network, first, widest(network, first, registers))).isPositive();
  }

  @Test
  void of_mobileNetInPlace_leavesOneScaleALayer() throws IOException {
    Path model = SharedData.file("models/coral/mobilenet_v1_0.25_128_quant.tflite");
    FileConstants file = RepairedFile.open(model, ReadOptions.NONE);
    RepairRequest quick = RepairRequest.of(registers(18)).with(Levers.all().withoutSearch(), false);
    Network repaired = repaired(file.network(), Optional.of(file), quick, 2);
    assertThat(CertifyNetwork.of(file.network(), 18, registers(18)).holds()).isFalse();
    assertThat(CertifyNetwork.of(repaired, 18, registers(18)).holds()).isTrue();
    int depthwise = 0;
    for (Layer layer : repaired.layers()) {
      if (layer instanceof DotLayer dot) {
        double[] scales = dot.integers().weights().scales();
        assertThat(scales).as(dot.name()).containsOnly(scales[0]);
        depthwise += dot.groups() > 1 ? 1 : 0;
      }
    }
    assertThat(depthwise).isEqualTo(13);
  }

  private static LayerRegisters registers(int bits) {
    return LayerRegisters.of(new Summation(new Saturating(bits), new SummationOrder.Sequential()));
  }

  private static Network repaired(
      Network network, Optional<FileConstants> file, RepairRequest request, int images)
      throws IOException {
    int[] codes = RandomNetworks.codes(new Random(1), network.input(), images);
    ImageSource source = ImageSource.of(network, codes, images);
    return NetworkRepair.of(network, file, source, request, 2, (name, done, all) -> {}).network();
  }

  /** The channel that needs most bits as the file has it. */
  private static int widest(Network network, DotLayer dot, LayerRegisters registers) {
    return CertifyNetwork.of(network, BITS, registers).layers().stream()
        .filter(layer -> layer.name().equals(dot.name()))
        .map(layer -> {
          int most = 0;
          for (int c = 1; c < layer.channels().size(); c++) {
            most = layer.channels().get(c).bits() > layer.channels().get(most).bits() ? c : most;
          }
          return most;
        })
        .findFirst()
        .orElseThrow();
  }

  /**
   * How many running sums leave the register, of those in the order of the file, over all inputs
   * whose codes are each the lowest or the highest. A running sum is linear in every input, so the
   * inputs between add nothing.
   */
  private static long leaving(Network network, DotLayer dot, int channel) {
    IntegerOperands operands = dot.integers();
    assertThat(operands.registerZero()).isEqualTo(ZeroPointConvention.OFFSET);
    Quantization input = network.tensor(dot.input()).quantization();
    int terms = dot.terms();
    int[] weights = operands.weights().dense();
    int[][] products = new int[terms][2];
    for (int k = 0; k < terms; k++) {
      int weight = weights[channel * terms + k];
      products[k][0] = weight * Math.toIntExact(input.format().min() - input.zeroPoint());
      products[k][1] = weight * Math.toIntExact(input.format().max() - input.zeroPoint());
    }
    int start = operands.registerBias() == BiasPlacement.PRELOAD ? operands.bias()[channel] : 0;
    int half = terms / 2;
    int[] early = running(products, 0, half, start);
    int[] late = running(products, half, terms, 0);
    int lowest = -(1 << (BITS - 1));
    int highest = (1 << (BITS - 1)) - 1;
    long out = count(early, 0, lowest, highest);
    for (int i = 0; i < 1 << half; i++) { // whole early sums are the last ones
      out += count(late, early[early.length - 1 - i], lowest, highest);
    }
    return out;
  }

  /** Sums after every term from {@code first} on, of all choices: 2 after it, 4 after the next … */
  private static int[] running(int[][] products, int first, int end, int start) {
    int[] sums = new int[(1 << (end - first + 1)) - 1];
    sums[0] = start;
    int made = 1;
    for (int k = first; k < end; k++) {
      int before = made - (1 << (k - first));
      for (int i = 0; i < 1 << (k - first); i++) {
        sums[made++] = Math.addExact(sums[before + i], products[k][0]);
        sums[made++] = Math.addExact(sums[before + i], products[k][1]);
      }
    }
    return sums;
  }

  private static long count(int[] sums, int from, int lowest, int highest) {
    int out = 0;
    for (int sum : sums) {
      out += from + sum < lowest || from + sum > highest ? 1 : 0;
    }
    return out;
  }
}
