package dev.narrows.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.training.EpochMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final Recipe RECIPE =
      Recipe.parse(
          "r.yaml",
          """
          model: mlp1
          data: {set: fashion-small}
          threads: 2
          quantization: {weights: 4, activations: 4}
          phases: {float: {epochs: 2}}
          """);

  @TempDir private Path folder;

  @Test
  void create_sameRecipeAgain_resumes() throws IOException {
    RunFolder first = RunFolder.create(folder.resolve("run"), RECIPE);
    Files.writeString(first.checkpoint().resolve("step"), "1");
    RunFolder second = RunFolder.create(folder.resolve("run"), RECIPE);
    assertThat(second.checkpoint().resolve("step")).hasContent("1");
    assertThat(RunFolder.open(folder.resolve("run")).recipe()).isEqualTo(RECIPE);
  }

  @Test
  void create_otherRecipe_isRefusedNamingTheKey() throws IOException {
    RunFolder.create(folder.resolve("run"), RECIPE);
    assertThatThrownBy(() -> RunFolder.create(folder.resolve("run"), RECIPE.withSeed(2)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(
            "recipe.yaml: the folder holds another run (seed is 1 there and 2 here)");
  }

  @Test
  void forget_nothingMade_leavesTheFolderToAnotherRecipe() throws IOException {
    RunFolder.create(folder.resolve("run"), RECIPE).forgetIfNothingWasMade();
    assertThat(RunFolder.create(folder.resolve("run"), RECIPE.withSeed(2)).recipe().seed())
        .isEqualTo(2);
  }

  @Test
  void forget_filesOfOthersBeside_keepsSayingWhoseItIs() throws IOException {
    RunFolder trial = RunFolder.create(folder.resolve("run"), RECIPE);
    Files.writeString(trial.path().resolve("log.txt"), "x");
    trial.forgetIfNothingWasMade();
    assertThat(RunFolder.create(folder.resolve("run"), RECIPE).recipe()).isEqualTo(RECIPE);
  }

  @Test
  void create_folderOfSomethingElse_isRefusedAndUntouched() throws IOException {
    Files.writeString(folder.resolve("thesis.txt"), "x");
    assertThatThrownBy(() -> RunFolder.create(folder, RECIPE))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("not a run folder and not empty (it holds thesis.txt)");
    assertThat(folder).isDirectoryContaining(p -> p.endsWith("thesis.txt"));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void lock_heldAlready_isRefused() throws IOException {
    RunFolder run = RunFolder.create(folder.resolve("run"), RECIPE);
    try (FolderLock held = run.lock()) {
      assertThat(held).isNotNull();
      assertThatThrownBy(run::lock).hasMessageContaining("another process is working");
    }
    run.lock().close();
  }

  @Test
  void writes_whateverIsWritten_leaveNoTemporaryFiles() throws IOException {
    RunFolder run = RunFolder.create(folder.resolve("run"), RECIPE);
    run.writeMetrics(List.of(new EpochMetrics("float", 1, 0.5, 90, Double.NaN, 0.1, 0, 0, 2)));
    run.writeMetrics(List.of(new EpochMetrics("float", 1, 0.5, 90, 88, 0.1, 0, 0, 2)));
    run.writeEnvironment(
        Environment.here(1, List.of("train", "r.yaml"), java.util.Map.of()).json());
    assertThat(run.path().resolve("metrics.csv"))
        .hasContent(EpochMetrics.HEADER + "\nfloat,1,0.5,90.0,88.0,0.1,0,0,2.0\n");
    assertThat(run.path().resolve("environment.json")).content().contains("\"jdk\"", "\"cpu\"");
    try (Stream<Path> files = Files.walk(run.path())) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".tmp"));
    }
    assertThat(run.finished()).isFalse();
  }

  @Test
  void open_noRecipe_isRefused() {
    assertThatThrownBy(() -> RunFolder.open(folder))
        .hasMessageContaining("not a run folder: it has no recipe.yaml");
  }
}
