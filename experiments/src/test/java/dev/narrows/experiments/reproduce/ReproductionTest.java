package dev.narrows.experiments.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.fixture.SmallTrainer;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.PaperClaim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproductionTest {
  private static final Recipe RECIPE =
      Recipe.parse(
          "r.yaml",
          """
          name: part
          model: cnn-small
          data: {set: fashion-small}
          preprocess: raw
          threads: 1
          quantization: {weights: 4, activations: 4}
          phases: {float: {epochs: 1}}
          """);

  @TempDir private Path folder;

  /** Trains, evaluates, and tells what was worked on. */
  private record Trial(String name, List<String> worked) implements Figure {
    @Override
    public String title() {
      return "A trial";
    }

    @Override
    public ReproductionResult make(Workshop workshop) throws IOException {
      ModelFile model = workshop.trained(RECIPE);
      EvaluationResult evaluation =
          workshop.evaluated(
              model,
              workshop.inputs(model, "fashion-small", Split.TEST, OptionalInt.of(30)),
              List.of("exact", "int10:saturate"));
      return new ReproductionResult(
          name,
          workshop.scale().word(),
          title(),
          "",
          List.of(
              PaperClaim.ofOurs(
                  "accuracy at 10 bits", "" + evaluation.results().getLast().accuracy())),
          List.of(),
          List.of(),
          List.of(),
          List.of(model.id()));
    }
  }

  private ReproductionResult make(Trial figure, Path out) throws IOException {
    EvaluationListener listener = (what, done, of) -> figure.worked.add(what);
    return new Reproduction(
            figure,
            Scale.SMOKE,
            Optional.empty(),
            out,
            new DataRoots(List.of(), folder),
            new SmallTrainer(),
            2,
            List.of("reproduce", "trial"))
        .finish(TrainingListener.SILENT, listener);
  }

  @Test
  void finish_newFolder_keepsResultEnvironmentAndEveryPart() throws IOException {
    Path out = folder.resolve("new");
    ReproductionResult result = make(new Trial("trial", new ArrayList<>()), out);
    for (String file :
        List.of("reproduction.json", "environment.json", "part-1/network.narrows", "figure.txt")) {
      assertThat(out.resolve(file)).isNotEmptyFile();
    }
    assertThat(result.networks().getFirst().file()).isEqualTo("part-1/network.narrows");
    assertThat(Files.readString(out.resolve("environment.json"))).contains("\"reproduce\"");
  }

  @Test
  void finish_onceMore_readsTheSameResultAndWorksNoMore() throws IOException {
    Path out = folder.resolve("twice");
    ReproductionResult first = make(new Trial("trial", new ArrayList<>()), out);
    Trial again = new Trial("trial", new ArrayList<>());
    assertThat(make(again, out)).isEqualTo(first);
    assertThat(again.worked()).isEmpty();
  }

  @Test
  void finish_afterTheResultWasLost_evaluatesNothingAgain() throws IOException {
    Path out = folder.resolve("lost");
    ReproductionResult first = make(new Trial("trial", new ArrayList<>()), out);
    Files.delete(out.resolve("reproduction.json"));
    Trial again = new Trial("trial", new ArrayList<>());
    assertThat(make(again, out)).isEqualTo(first);
    assertThat(again.worked()).isEmpty();
  }

  @Test
  void finish_folderOfSomethingElse_isRefused() throws IOException {
    Path out = folder.resolve("other");
    make(new Trial("trial", new ArrayList<>()), out);
    assertThatThrownBy(() -> make(new Trial("other", new ArrayList<>()), out))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds trial smoke, not other smoke");
    assertThatThrownBy(() -> make(new Trial("trial", new ArrayList<>()), out.resolve("part-1")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("not a figure's folder");
  }

  @Test
  void figures_names_areUniqueAndFound() {
    assertThat(Figures.ALL.stream().map(Figure::name)).doesNotHaveDuplicates();
    assertThat(Figures.ALL)
        .allSatisfy(figure -> assertThat(Figures.named(figure.name())).hasValue(figure));
    assertThat(Figures.named("none")).isEmpty();
  }

  @Test
  void spread_ofThree_hasMeanLeastAndGreatest() {
    Spread spread = Spread.of(List.of(1.0, 2.0, 6.0), Double::doubleValue);
    assertThat(spread).isEqualTo(new Spread(3, 1, 6, 3));
    assertThat(spread.text()).isEqualTo("3.00 (1.00 to 6.00)");
    assertThat(Spread.of(List.of(2.5), Double::doubleValue).text()).isEqualTo("2.50");
  }
}
