package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Powers of two commute with rounding, so what is exact stays to the last bit. */
class MigratedLlamaTest {
  private static final int[] TOKENS = new Random(8).ints(24, 0, TinyLlama.VOCABULARY).toArray();

  @TempDir private Path folder;

  private LlamaModel model(boolean biases) throws IOException {
    return TinyGguf.open(TinyGguf.qwen2(TinyLlama.open(folder, false, 4, 2), biases));
  }

  private static LanguageLoss loss(LlamaModel model, LayerRegisters registers) {
    return LanguageLoss.of(model, 8, TOKENS, registers, false, 1, _ -> {});
  }

  private static LayerRegisters all(String text) {
    return LayerRegisters.of(Summation.parse(text));
  }

  @Test
  void migrated_exactSums_areTheSameToTheLastBit() throws IOException {
    for (boolean biases : new boolean[] {false, true}) {
      LlamaModel model = model(biases);
      for (double alpha : new double[] {0, 0.5, 1}) {
        MigratedLlama migrated = MigratedLlama.of(model, TOKENS, 8, alpha, 1);
        assertThat(migrated.changed()[0]).isGreaterThan(migrated.changed()[1] / 8);
        assertThat(loss(migrated, LayerRegisters.exact()).nats())
            .isEqualTo(loss(model, LayerRegisters.exact()).nats());
        int[] ids = Arrays.copyOf(TOKENS, 8);
        try (Executor narrow = Executor.of(migrated.network(8), LayerRegisters.exact(), 1);
            Executor wide = Executor.of(model.network(8), LayerRegisters.exact(), 1)) {
          assertThat(narrow.run(ids, 1).numbers()).isEqualTo(wide.run(ids, 1).numbers());
        }
      }
    }
  }

  @Test
  void migrated_registersThatTakeOperandsAsTheyAre_seeTheSameProducts() throws IOException {
    LlamaModel model = model(true);
    MigratedLlama migrated = MigratedLlama.of(model, TOKENS, 8, 0.5, 1);
    Map<String, Summation> rules = new HashMap<>();
    for (String behind : new String[] {"query", "key", "output", "gate", "down"}) {
      rules.put("*." + behind, Summation.parse("m4e4(8)/m4e4(7)"));
    }
    rules.put("classifier", Summation.parse("m4e4(8)/m4e4(7)"));
    LayerRegisters registers = LayerRegisters.of(Summation.exact(), rules);
    assertThat(loss(migrated, registers).nats()).isEqualTo(loss(model, registers).nats());
    // FP8 is a float, too: no operand lies below its normal range here
    LayerRegisters fp8 = all("fused(4,25):fp32:scaled(e4m3)");
    assertThat(loss(migrated, fp8).nats()).isEqualTo(loss(model, fp8).nats());
    // sums of another size in a narrow range are others
    LayerRegisters narrow = all("m4e3(7)/m4e3(7)");
    assertThat(loss(migrated, narrow).nats()).isNotEqualTo(loss(model, narrow).nats());
  }

  /** One channel of the stream is large: behind the change it is no outlier any more. */
  @Test
  void migrated_outlier_becomesSmaller() throws IOException {
    LlamaModel model = model(false);
    float[] before = LlamaActivations.of(model, TOKENS, 8, 1).of(LlamaMatrix.DOWN, 0);
    MigratedLlama migrated = MigratedLlama.of(model, TOKENS, 8, 1, 1);
    float[] after = LlamaActivations.of(migrated, TOKENS, 8, 1).of(LlamaMatrix.DOWN, 0);
    assertThat(spread(after)).isLessThan(spread(before)).isLessThanOrEqualTo(4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MigratedLlama.of(model, TOKENS, 8, 1.5, 1))
        .withMessage("alpha must be in [0, 1], got 1.5");
  }

  private static double spread(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - 1] / sorted[0];
  }
}
