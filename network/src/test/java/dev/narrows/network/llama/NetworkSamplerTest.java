package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.execute.LayerRegisters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A text made without keeping anything is the text made with keys and values kept. */
class NetworkSamplerTest {
  @TempDir private Path folder;

  @Test
  void continued_ofTheLlamaFamily_isTheSamplersText() throws IOException {
    LlamaCheckpoint model = TinyLlama.open(folder, true);
    int[] begun = {1, 200, 3};
    for (String register : List.of("exact", "m5e5(15)/m5e5(15)", "bf16")) {
      LayerRegisters registers = LayerRegisters.of(Summation.parse(register));
      for (float temperature : new float[] {0, 1.5f}) {
        List<Integer> told = new ArrayList<>();
        int[] made =
            new NetworkSampler(model, registers, temperature, 7).continued(begun, 3, 1, told::add);
        int[] kept =
            new Sampler(model, registers, temperature, 7)
                .continued(new int[][] {begun}, 3, 1, _ -> {})[0];
        assertThat(made).as(register).isEqualTo(kept);
        assertThat(told).hasSize(3).last().isEqualTo(made[2]);
      }
    }
  }

  @Test
  void continued_beyondTheWindowOrUnderNoTemperature_isRefused() throws IOException {
    LlamaCheckpoint model = TinyLlama.open(folder, true);
    NetworkSampler sampler = new NetworkSampler(model, LayerRegisters.exact(), 1, 1);
    int most = model.longest();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sampler.continued(new int[2], most, 1, _ -> {}))
        .withMessageContaining("fit the model's window of " + most);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NetworkSampler(model, LayerRegisters.exact(), Float.NaN, 1))
        .withMessageContaining("temperature must be finite and at least 0, got NaN");
  }
}
