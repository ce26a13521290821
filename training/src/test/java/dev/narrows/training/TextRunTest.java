package dev.narrows.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.data.Inputs;
import dev.narrows.data.TextSet;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.DataSource;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.RunEvaluation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.pipeline.RecipeRun;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.run.TrainingRun;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.EvaluationResult.Loss;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The character encoder from its recipe to the evaluation of its run folder. */
class TextRunTest {
  private static final String RECIPE =
      """
      name: text
      model: char-encoder
      width: 8
      data: {set: shakespeare-small, limit: 128, validation: 16}
      threads: 1
      batch: 32
      quantization: float
      phases:
        float: {epochs: 2, optimizer: adam, rate: 0.01, weightDecay: 0}
        register: {accumulator: 'm7e4', epochs: 1, optimizer: adam, rate: 1e-3, weightDecay: 0}
      """;

  @TempDir private Path folder;

  @Test
  @Tag("slow")
  void evaluation_ofARun_hasTheLossOfMaskedCharactersBesideTheirEntropy() throws IOException {
    Path out = folder.resolve("run");
    DataRoots roots = new DataRoots(List.of(), folder);
    TrainingRun run = new TrainingRun(Recipe.parse("text.yaml", RECIPE), folder, roots);
    EvaluationResult result =
        new RecipeRun(run, new LibtorchTrainer(), out, List.of("train"))
            .finish(1, TrainingListener.SILENT, EvaluationListener.SILENT);
    assertThat(result.images()).isEqualTo(930); // 93 windows, 10 masked characters each
    assertThat(result.unigramNats().orElseThrow()).isCloseTo(3.3, within(0.1));
    // libtorch's layer norm and softmax round where ours do not, and a register may see that
    assertThat(result.quantizedAgreement().orElseThrow()).isBetween(920, 930);
    assertThat(result.results().getFirst().loss().map(Loss::aboveExact)).hasValue(0.0);
    assertThat(result.results()).allSatisfy(TextRunTest::losesLessThanGuessingBlindly);
    assertThat(ResultJson.readEvaluation("r", ResultJson.write(result))).isEqualTo(result);

    ModelFile model = ModelFile.open(out);
    DataSource.Opened test =
        DataSource.open(model.testSet().orElseThrow(), DataSource.Options.of(roots));
    NetworkInputs inputs =
        NetworkInputs.of(model.network(), test.name(), test.inputs(), Optional.empty());
    Evaluator evaluator = new Evaluator(model.network(), inputs, 1, EvaluationListener.SILENT);
    List<LayerRegisters> exact = List.of(LayerRegisters.exact());
    EvaluationResult again = RunEvaluation.of(model, inputs, evaluator, exact);
    assertThat(again.results()).containsExactly(result.results().getFirst());
    assertThat(again.quantizedAgreement()).isEqualTo(result.quantizedAgreement()); // it is stored

    Inputs other = new Inputs.TextWindows(TextSet.of("other", "abc".repeat(64), 64));
    assertThatThrownBy(() -> NetworkInputs.of(model.network(), "other", other, Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("its characters are not those that the network was trained on");
  }

  private static void losesLessThanGuessingBlindly(AccumulatorResult row) {
    Loss loss = row.loss().orElseThrow();
    assertThat(loss.nats()).isBetween(0.0, Math.log(61));
    assertThat(loss.bits()).isEqualTo(loss.nats() / Math.log(2));
  }
}
