package dev.narrows.experiments.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.llama.GgufLlama;
import dev.narrows.network.llama.LlamaRange;
import dev.narrows.report.LanguageResult.AccumulatorLoss;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** On the text that they are fitted to no register overflows, and none has room to spare. */
class FittedBiasesTest {
  private static final Path MODEL =
      Path.of("..", "network", "src", "test", "resources", "golden", "gguf", "tiny.gguf");

  @Test
  void fitted_sameText_nothingOverflowsAndLittleRoomIsLeft() throws IOException {
    GgufLlama model = GgufLlama.open(MODEL);
    int[] tokens = model.tokenizer().encode("The thing thaws, then thinks. ".repeat(9), 97);
    int[] shown = Arrays.copyOf(tokens, 96);
    List<LlamaRange> ranges = LlamaRange.of(model, shown, 32, 1);
    assertThat(ranges).hasSize(10);
    assertThat(LlamaRange.of(model, shown, 32, 3)).isEqualTo(ranges);
    LayerRegisters asked =
        LayerRegisters.of(
            Summation.parse("m7e4(3)/m7e4(3):chunk(4)"),
            Map.of("*.scores", Summation.exact(), "*.mix", Summation.parse("fp16")));
    LayerRegisters fitted = FittedBiases.of(asked, model.sums(), ranges);
    List<LayerRegister> layers = fitted.of(model.sums());
    for (int i = 0; i < 10; i++) {
      LayerRegister layer = layers.get(i);
      if (layer.layer().endsWith("scores")) {
        assertThat(layer.accumulator()).isInstanceOf(Exact.class);
      } else if (layer.layer().endsWith("mix")) {
        assertThat(layer.accumulator()).isEqualTo(Summation.parse("fp16").accumulator());
      } else {
        FloatingAccumulator register = (FloatingAccumulator) layer.accumulator();
        assertThat(register.product().largest()).isGreaterThanOrEqualTo(ranges.get(i).product());
        assertThat(register.product().largest() / 2.1).isLessThan(ranges.get(i).product());
        assertThat(register.sum().largest() / 2).isGreaterThanOrEqualTo(ranges.get(i).sum());
        assertThat(register.sum().largest() / 4.2).isLessThan(ranges.get(i).sum());
        assertThat(layer.order().toString()).isEqualTo("chunk(4)");
      }
    }
    LanguageEvaluation evaluation =
        new LanguageEvaluation(model, new NetworkFile("tiny", "0"), "text", tokens, 32);
    LanguageEvaluation.Wanted wanted = new LanguageEvaluation.Wanted(true, List.of());
    // what layers are shown changes with the registers before them: one at a time
    for (LayerRegister layer : layers) {
      LayerRegisters one =
          new LayerRegisters(
              Summation.exact(), List.of(new LayerRegisters.Rule(layer.layer(), layer.asked())));
      AccumulatorLoss loss =
          evaluation.of(List.of(one), wanted, 1, EvaluationListener.SILENT).results().getFirst();
      assertThat(loss.overflows().orElse(List.of())).as(layer.layer()).isEmpty();
    }
  }
}
