package dev.narrows.network.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.testing.SharedData;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Needs the ResNet-20 weights under a root of NARROWS_DATA; CI must have them. */
@Tag("data")
class SharedWeightsTest {
  private static final String WEIGHTS = "models/resnet-cifar10/resnet20-12fca82f.safetensors";

  @Test
  void file_resNet20Weights_areReadWhole() throws IOException {
    try (SafetensorsFile weights = SafetensorsFile.open(SharedData.file(WEIGHTS))) {
      assertThat(weights.metadata()).containsEntry("format", "pt");
      assertThat(weights.entry("conv1.weight").shape()).containsExactly(16, 3, 3, 3);
      long parameters = 0;
      double sum = 0;
      for (SafetensorsEntry entry : weights.entries().values()) {
        boolean trained = !entry.name().contains("running") && !entry.name().contains("num_");
        parameters += trained ? entry.elements() : 0;
        if (entry.type() == SafetensorsType.F32) {
          for (float value : weights.floats(entry.name())) {
            sum += value;
          }
        }
      }
      assertThat(parameters).isEqualTo(269_722); // as published with the weights
      // summed in the file's order, as the same loop in another language gave it
      assertThat(sum).isEqualTo(139.7826495598208);
    }
  }
}
