package dev.narrows.experiments.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.data.DataException;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.sweep.PlannedTrial;
import dev.narrows.experiments.sweep.Sweep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Run folders and sweeps are found again by the text of their recipes: recipes that were written
 * once must come out the same, byte for byte, in every later version.
 */
class StoredHashesTest {
  private static final Path RECIPES = Path.of("..", "recipes");

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Scale.class)
  @Tag("thorough")
  void recipes_ofEveryFigure_areThoseOfBefore(Scale scale) throws IOException {
    List<String> now = new ArrayList<>();
    for (Figure figure : Figures.ALL) {
      List<Recipe> recipes = new ArrayList<>();
      try {
        figure.make(new InventingWorkshop(scale, folder.resolve(figure.name()), recipes));
      } catch (DataException noData) {
        // what is no recipe is looked for after all recipes were trained: a language model, images
        assertThat(figure.name())
            .isIn(
                "lba-language", "a2q-super-resolution", "llm-registers", "llm-fp8", "llm-integers");
      }
      for (Recipe recipe : recipes) {
        now.add(
            "%s,%s,%s-%d,%s"
                .formatted(
                    figure.name(), scale, recipe.name(), recipe.seed(), sha256(recipe.toYaml())));
      }
    }
    assertThat(now)
        .containsExactlyElementsOf(
            stored("reproduced-recipes.csv").stream()
                .filter(line -> line.split(",")[1].equals(scale.word()))
                .toList());
  }

  @Test
  void trials_ofPublishedSweeps_areThoseOfBefore() throws IOException {
    List<String> now = new ArrayList<>();
    for (Path file : yaml(RECIPES.resolve("sweeps"))) {
      for (PlannedTrial trial : Sweep.read(file).trials()) {
        now.add(
            String.join(
                ",",
                file.getFileName().toString(),
                trial.folder(),
                trial.hash(),
                sha256(trial.recipe().toYaml())));
      }
    }
    assertThat(now).containsExactlyElementsOf(stored("sweep-recipes.csv"));
  }

  @Test
  void recipes_published_areThoseOfBefore() throws IOException {
    List<String> now = new ArrayList<>();
    for (Path file : yaml(RECIPES)) {
      now.add(file.getFileName() + "," + sha256(Recipe.read(file).withThreads(1).toYaml()));
    }
    assertThat(now).containsExactlyElementsOf(stored("published-recipes.csv"));
  }

  private static List<Path> yaml(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static List<String> stored(String name) throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/golden", name)).stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
