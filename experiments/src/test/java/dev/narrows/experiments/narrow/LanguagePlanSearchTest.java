package dev.narrows.experiments.narrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.evaluate.LanguageParts;
import dev.narrows.experiments.evaluate.TextLosses;
import dev.narrows.experiments.input.RegisterFile;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.llama.GgufLlama;
import dev.narrows.network.llama.Sampler;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a text that the model itself goes on with, which narrow registers foretell less well. */
class LanguagePlanSearchTest {
  private static final Path MODEL =
      Path.of("..", "network", "src", "test", "resources", "golden", "gguf", "tiny.gguf");

  @TempDir private Path folder;

  private static LanguageEvaluation text() throws IOException {
    GgufLlama model = GgufLlama.open(MODEL);
    int[] begun = {40, 41, 42};
    int[] made =
        new Sampler(model, LayerRegisters.exact(), 0, 1)
            .continued(new int[][] {begun}, 60, 1, _ -> {})[0];
    int[] tokens = Arrays.copyOf(begun, 3 + made.length);
    System.arraycopy(made, 0, tokens, 3, made.length);
    return new LanguageEvaluation(
        model, new NetworkFile("tiny", "0"), "its own", tokens, tokens.length - 1);
  }

  private static LanguagePlan find(LanguageEvaluation text, double budget, String... registers) {
    List<Summation> offered = Arrays.stream(registers).map(Summation::parse).toList();
    return new LanguagePlanSearch(
            text, offered, LanguageParts.KINDS, budget, 1, EvaluationListener.SILENT)
        .find();
  }

  private static double above(LanguageEvaluation text, LayerRegisters registers) {
    TextLosses exact = text.losses(LayerRegisters.exact(), 1, EvaluationListener.SILENT);
    return text.losses(registers, 1, EvaluationListener.SILENT).above(exact);
  }

  @Test
  void find_budgetOfAPart_takesSomePartsAndKeepsIt() throws IOException {
    LanguageEvaluation text = text();
    String narrow = "m2e4(8)/m2e4(8)";
    double everything = above(text, LayerRegisters.of(Summation.parse(narrow)));
    assertThat(everything).isPositive();
    double budget = everything / 4;
    LanguagePlan plan = find(text, budget, narrow);
    assertThat(plan.parts()).hasSizeBetween(1, 9);
    assertThat(plan.above()).isLessThanOrEqualTo(budget);
    assertThat(above(text, plan.registers())).isEqualTo(plan.above());
    assertThat(plan.share()).isBetween(0.1, 99.9);
    for (LanguagePlan.NarrowPart part : plan.parts()) {
      List<LayerRegisters.Rule> rule =
          List.of(new LayerRegisters.Rule(part.glob(), part.register()));
      assertThat(part.alone()).isEqualTo(above(text, new LayerRegisters(Summation.exact(), rule)));
    }
    LanguagePlan two = find(text, budget, narrow, "m20e8(127)");
    assertThat(two.parts()).startsWith(plan.parts().toArray(LanguagePlan.NarrowPart[]::new));
    assertThat(two.parts()).hasSizeGreaterThan(plan.parts().size());
    assertThat(two.above()).isLessThanOrEqualTo(budget);
    Path file = Files.writeString(folder.resolve("plan.yaml"), two.yaml("0", "its own"));
    RegisterFile read = RegisterFile.read(file);
    assertThat(read.network()).contains("0");
    assertThat(above(text, new LayerRegisters(Summation.exact(), read.rules())))
        .isEqualTo(two.above());
  }

  @Test
  void find_budgetOfAll_takesEverything() throws IOException {
    LanguageEvaluation text = text();
    LanguagePlan plan = find(text, 1e9, "m4e4(8)/m4e4(8)");
    assertThat(plan.parts()).hasSize(10);
    assertThat(plan.share()).isEqualTo(100);
    assertThatIllegalArgumentException().isThrownBy(() -> find(text, -1, "m7e4"));
  }
}
