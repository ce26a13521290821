package dev.narrows.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileRegistersTest {
  private static Network network(Map<String, String> metadata) {
    TensorType type = new TensorType(1, 1, 1, new Quantization(IntegerFormat.signed(8), 1, 0));
    List<Layer> layers =
        List.of(new Clamp("a layer", 0, type, 0, 1), new Clamp("b", 1, type, 0, 1));
    return new Network("n", type, layers, metadata);
  }

  @Test
  void of_networkFromAFile_givesTheLayersOwnBitsOrTheUsualOnes() {
    Network network = network(new FileRegisters(Map.of("a layer", 64), Map.of()).metadata());
    assertThat(network.metadata()).containsExactly(Map.entry(FileRegisters.KEY, "64 a layer\n"));
    FileRegisters registers = FileRegisters.of(network).orElseThrow();
    assertThat(registers.bits(network.layers().get(0))).isEqualTo(64);
    assertThat(registers.bits(network.layers().get(1))).isEqualTo(32);
  }

  @Test
  void of_layerWithOtherBitsInOptimisedKernels_givesBoth() {
    FileRegisters written = new FileRegisters(Map.of("a layer", 64), Map.of("a layer", 32));
    Network network = network(written.metadata());
    FileRegisters registers = FileRegisters.of(network).orElseThrow();
    assertThat(registers).isEqualTo(written);
    assertThat(registers.bits(network.layers().get(0))).isEqualTo(64);
    assertThat(registers.optimized(network.layers().get(0))).isEqualTo(32);
    assertThat(registers.optimized(network.layers().get(1))).isEqualTo(32);
  }

  @Test
  void of_twoLinesOfOneLayer_takesTheFirst() {
    Network network = network(Map.of(FileRegisters.KEY, "64 b\n16 b\n"));
    FileRegisters registers = FileRegisters.of(network).orElseThrow();
    assertThat(registers.bits(network.layers().get(1))).isEqualTo(64);
  }

  @Test
  void of_networkFromElsewhere_isEmpty() {
    assertThat(FileRegisters.of(network(Map.of()))).isEmpty();
  }

  @Test
  void of_metadataOfAnotherMeaning_givesTheUsualBits() {
    Network network = network(Map.of(FileRegisters.KEY, "sixty-four a layer\n\n9999999999 b\n7"));
    FileRegisters registers = FileRegisters.of(network).orElseThrow();
    assertThat(registers.bits(network.layers().get(0))).isEqualTo(FileRegisters.USUAL);
    assertThat(registers.bits(network.layers().get(1))).isEqualTo(FileRegisters.USUAL);
  }
}
