package dev.narrows.experiments.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PublishedRecipesTest {
  @Test
  void recipes_inTheRecipesFolder_areReadAndWrittenBack() throws IOException {
    List<Path> recipes;
    try (Stream<Path> files = Files.list(Path.of("..", "recipes"))) {
      recipes = files.filter(file -> file.toString().endsWith(".yaml")).toList();
    }
    assertThat(recipes).isNotEmpty();
    for (Path file : recipes) {
      Recipe recipe = Recipe.read(file);
      assertThat(Recipe.parse("again", recipe.toYaml())).isEqualTo(recipe);
    }
  }
}
