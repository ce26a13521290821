package dev.narrows.experiments.reproduce.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.data.DataException;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.evaluate.LanguageParts;
import dev.narrows.experiments.evaluate.TextLosses;
import dev.narrows.experiments.reproduce.InventingWorkshop;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.network.llama.GgufLlama;
import dev.narrows.report.LanguageResult;
import dev.narrows.report.LanguageResult.AccumulatorLoss;
import dev.narrows.report.NarrowedPart;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Losses are made once, and say what an evaluation says. */
class LlmBedTest {
  private static final Path MODEL =
      Path.of("..", "network", "src", "test", "resources", "golden", "gguf", "tiny.gguf");
  private static final LlmChoice NARROW = LlmChoice.of("m4e4(8)/m4e4(8)");

  @TempDir private Path folder;

  private LlmBed bed() throws IOException {
    GgufLlama model = GgufLlama.open(MODEL);
    int[] tokens = model.tokenizer().encode("The thing thaws. ".repeat(90));
    return new LlmBed(
        new InventingWorkshop(Scale.SMOKE, folder, new ArrayList<>()),
        model,
        new NetworkFile("tiny", "0123"),
        model.tokenizer(),
        "tiny",
        tokens,
        tokens);
  }

  @Test
  void losses_ofParts_areThoseOfTheTextAndAreMadeOnce() throws IOException {
    LlmBed bed = bed();
    TextLosses narrow = bed.measured(NARROW, 32, 0, 512).then(bed.measured(NARROW, 32, 512, 512));
    TextLosses exact =
        bed.measured(LlmChoice.EXACT, 32, 0, 512).then(bed.measured(LlmChoice.EXACT, 32, 512, 512));
    AccumulatorLoss whole = evaluated(bed, LanguageEvaluation.Wanted.LOSS);
    assertThat(narrow.mean()).isCloseTo(whole.nats(), within(1e-12));
    assertThat(narrow.above(exact))
        .isCloseTo(whole.perplexity().orElseThrow().above(), within(1e-9));
    assertThat(narrow.aboveInterval(exact))
        .isEqualTo(whole.perplexity().orElseThrow().aboveInterval())
        .isPresent();
    try (Stream<Path> files = Files.list(folder.resolve("losses"))) {
      List<Path> stored = files.toList();
      assertThat(stored).hasSize(4);
      for (Path file : stored) {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(2, "0.125"); // of the first prediction
        Files.write(file, lines);
      }
    }
    assertThat(bed.measured(NARROW, 32, 0, 512).nats()).startsWith(0.125);
    // of another model, text or window nothing is taken
    assertThat(bed.measured(NARROW, 16, 0, 512).nats()[0]).isEqualTo(narrow.nats()[0]);
  }

  private static AccumulatorLoss evaluated(LlmBed bed, LanguageEvaluation.Wanted wanted) {
    int[] tokens = Arrays.copyOf(bed.measuring(), 1025);
    return new LanguageEvaluation(bed.model(), bed.id(), "text", tokens, 32)
        .of(List.of(NARROW.registers()), wanted, 1, EvaluationListener.SILENT)
        .results()
        .getFirst();
  }

  @Test
  void sensitivity_ofKinds_isThatOfTheRegistersByName() throws IOException {
    LlmBed bed = bed();
    AccumulatorLoss loss =
        evaluated(
            bed,
            new LanguageEvaluation.Wanted(
                true, List.of(LanguageParts.KINDS, LanguageParts.LAYERS)));
    List<NarrowedPart> parts = loss.sensitivity().orElseThrow();
    assertThat(parts.stream().map(NarrowedPart::part).toList())
        .hasSize(11) // ten kinds and a layer; the classifier is one of either
        .contains("*.attention.mix", "classifier", "layer0.*");
    assertThat(parts).isSortedAccordingTo((a, b) -> Double.compare(b.nats(), a.nats()));
    LlmChoice down = LlmChoice.only("*.feed.down", NARROW.name());
    TextLosses losses = bed.measured(down, 32, 0, 1024);
    assertThat(parts)
        .anySatisfy(part -> {
          assertThat(part.part()).isEqualTo("*.feed.down");
          assertThat(part.nats()).isEqualTo(losses.mean());
        });
    assertThat(loss.risen().orElseThrow()).isNotEmpty();
    assertThat(loss.risen().orElseThrow().getFirst().nats())
        .isGreaterThan(loss.risen().orElseThrow().getFirst().exact());
  }

  @Test
  void needle_whereTheFactIs_isOneWindowThatEndsInTheAnswer() throws IOException {
    LlmBed bed = bed();
    LlmNeedles needles = new LlmNeedles(bed, 1);
    double told = needles.nats(LlmChoice.EXACT, 64, false);
    assertThat(told).isPositive().isFinite();
    assertThat(needles.nats(LlmChoice.EXACT, 64, false)).isEqualTo(told);
    assertThatThrownBy(() -> needles.nats(LlmChoice.EXACT, 8, false))
        .hasMessageContaining("a window of 8 does not hold fact and question");
  }

  @Test
  void figures_withoutTheModel_sayWhatIsMissing() {
    InventingWorkshop workshop = new InventingWorkshop(Scale.TWO_CORE, folder, new ArrayList<>());
    assertThatThrownBy(() -> new LlmRegisters().make(workshop))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("interop/gguf/fetch.sh");
    assertThatThrownBy(() -> new LlmFp8().make(workshop)).isInstanceOf(DataException.class);
  }

  @Test
  void result_infiniteLoss_survivesTheFile() {
    AccumulatorLoss broken =
        new AccumulatorLoss("fp16", Double.POSITIVE_INFINITY, 1, 1, 1, List.of());
    LanguageResult result =
        new LanguageResult(new NetworkFile("tiny", "0123"), "text", 1, 1, List.of(broken));
    assertThat(ResultJson.read("x", ResultJson.write(result))).isEqualTo(result);
    assertThat(result.tables().getFirst().rows().getFirst()).contains("∞");
  }
}
