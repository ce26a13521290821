package dev.narrows.network.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainTensorsTest {
  @TempDir private Path folder;

  @Test
  void tensors_ofRandomNetworks_holdEveryInteger() throws IOException {
    long seed = 70;
    for (int round = 0; round < 40; round++) {
      Network network = RandomNetworks.network(new Random(seed + round), 12);
      Path file = folder.resolve("plain.safetensors");
      PlainTensors.write(network, file);
      try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
        assertThat(tensors.doubles("input.output_scale"))
            .containsExactly(network.input().quantization().scale());
        for (Layer layer : network.layers()) {
          String name = layer.name();
          assertThat(tensors.ints(name + ".output_zero_point"))
              .as("seed %d", seed + round)
              .containsExactly(layer.output().quantization().zeroPoint());
          if (layer instanceof DotLayer dot) {
            assertWeights(tensors, dot);
          } else if (layer instanceof Add add) {
            assertThat(tensors.ints(name + ".left_multiplier"))
                .containsExactly(add.leftMultiplier().multiplier());
            assertThat(tensors.ints(name + ".output_shift"))
                .containsExactly(add.outputMultiplier().shift());
            assertThat(tensors.ints(name + ".output_range")).containsExactly(add.min(), add.max());
          }
        }
      }
    }
  }

  private static void assertWeights(SafetensorsFile tensors, DotLayer dot) throws IOException {
    int[] written = tensors.ints(dot.name() + ".weight");
    int[] own = dot.integers().weights().dense();
    int width = dot.window().kernelWidth();
    int taps = dot.window().taps();
    int inputs = dot.terms() / taps;
    assertThat(written).hasSameSizeAs(own);
    for (int c = 0; c < dot.output().channels(); c++) {
      for (int tap = 0; tap < taps; tap++) {
        for (int i = 0; i < inputs; i++) {
          int row = tap / width;
          int column = tap % width;
          int at = ((c * inputs + i) * (taps / width) + row) * width + column;
          assertThat(written[at]).isEqualTo(own[(c * taps + tap) * inputs + i]);
        }
      }
    }
    assertThat(tensors.ints(dot.name() + ".bias")).isEqualTo(dot.integers().bias());
    assertThat(tensors.doubles(dot.name() + ".weight_scale"))
        .isEqualTo(dot.integers().weights().scales());
    if (dot.integers().requantization() instanceof FixedPointMultiplier fixed) {
      assertThat(tensors.ints(dot.name() + ".multiplier")).isEqualTo(fixed.multipliers());
      assertThat(tensors.ints(dot.name() + ".shift")).isEqualTo(fixed.shifts());
      assertThat(tensors.ints(dot.name() + ".output_range"))
          .containsExactly(fixed.min(), fixed.max());
    }
  }
}
