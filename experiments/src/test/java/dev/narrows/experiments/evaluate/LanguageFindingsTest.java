package dev.narrows.experiments.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.llama.ForwardingLlama;
import dev.narrows.network.llama.GgufLlama;
import dev.narrows.network.llama.LlamaMatrix;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.report.LanguageBreaks;
import dev.narrows.report.LanguageResult;
import dev.narrows.report.LanguageResult.AccumulatorLoss;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A model of which some tokens leave the range of binary16 in one layer. */
class LanguageFindingsTest {
  private static final Path MODEL =
      Path.of("..", "network", "src", "test", "resources", "golden", "gguf", "tiny.gguf");
  private static final int CONTEXT = 16;

  private static final class Loud extends ForwardingLlama {
    Loud(LlamaModel quiet) {
      super(quiet);
    }

    @Override
    public void rows(LlamaMatrix matrix, int layer, int first, int rows, float[] to) {
      super.rows(matrix, layer, first, rows, to);
      if (matrix == LlamaMatrix.UP && first == 0) {
        for (int k = 0; k < matrix.terms(shape()); k++) {
          to[k] *= 60_000;
        }
      }
    }
  }

  @Test
  void broken_someTokens_tellsWhereAndWhatTheOthersLose() throws IOException {
    GgufLlama file = GgufLlama.open(MODEL);
    int[] tokens = file.tokenizer().encode("The thing thaws, then thinks. ".repeat(40), 257);
    LanguageEvaluation evaluation =
        new LanguageEvaluation(
            new Loud(file),
            new NetworkFile("loud", "0"),
            "text",
            tokens,
            CONTEXT,
            Optional.of(file.tokenizer()));
    LayerRegisters registers =
        LayerRegisters.of(Summation.exact(), Map.of("*.up", Summation.parse("fp16")));
    LanguageResult result =
        evaluation.of(
            List.of(registers),
            new LanguageEvaluation.Wanted(true, List.of(LanguageParts.PRODUCTS)),
            1,
            EvaluationListener.SILENT);
    AccumulatorLoss loss = result.results().getFirst();
    LanguageBreaks broken = loss.broken().orElseThrow();
    TextLosses narrow = evaluation.losses(registers, 1, EvaluationListener.SILENT);
    TextLosses exact = evaluation.losses(LayerRegisters.exact(), 1, EvaluationListener.SILENT);
    assertThat(broken.predictions()).isEqualTo(narrow.broken()).isBetween(1, 255);
    assertThat(broken.carried()).isZero(); // there is no layer behind this one
    assertThat(broken.first().layer()).isEqualTo("layer0.feed.up").isEqualTo(narrow.breaksAt());
    int first = broken.first().prediction();
    assertThat(narrow.nats()[first]).isInfinite();
    assertThat(Arrays.stream(narrow.nats(), 0, first).allMatch(Double::isFinite)).isTrue();
    assertThat(broken.first().window()).isEqualTo(first / CONTEXT);
    assertThat(broken.first().position()).isEqualTo(first % CONTEXT);
    assertThat(broken.first().text()).isEqualTo(file.tokenizer().decode(new int[] {tokens[first]}));
    double nats = 0;
    double wide = 0;
    int count = 0;
    for (int i = 0; i < 256; i++) {
      if (Double.isFinite(narrow.nats()[i])) {
        nats += narrow.nats()[i];
        wide += exact.nats()[i];
        count++;
      }
    }
    LanguageBreaks.RemainingLoss rest = broken.rest().orElseThrow();
    assertThat(rest.predictions()).isEqualTo(count).isEqualTo(256 - broken.predictions());
    assertThat(rest.nats()).isCloseTo(nats / count, within(1e-12));
    assertThat(rest.above()).isCloseTo(100 * Math.expm1((nats - wide) / count), within(1e-9));
    assertThat(loss.nats()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(loss.perplexity().orElseThrow().interval()).isEmpty();
    assertThat(loss.overflows().orElseThrow().getFirst()).isEqualTo(broken.first());
    assertThat(loss.sensitivity().orElseThrow())
        .singleElement()
        .satisfies(part -> {
          assertThat(part.part()).isEqualTo("layer0.feed.up");
          assertThat(part.broken()).isEqualTo(broken.predictions());
        });
    assertThat(ResultJson.read("loud", ResultJson.write(result))).isEqualTo(result);
    assertThat(result.tables().get(1).rows().getFirst()).contains("layer0.feed.up");
    assertThat(loss.risen().orElseThrow()).allMatch(token -> Double.isFinite(token.nats()));
  }
}
