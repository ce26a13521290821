package dev.narrows.experiments.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Point;
import dev.narrows.report.ReproductionResult.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a figure chooses, it chooses on validation images: with other accuracies on the test images
 * it makes the same choices, and reports other accuracies.
 */
class ValidationChoosesTest {
  @TempDir private Path folder;

  static Stream<Arguments> choices() {
    return Stream.of(
        figure("pqs-fig2", result -> found(claims(result, "resolving"), "P = \\d+")),
        figure("pqs-fig3", result -> columns(result, "bits, clipping", "bits, sorted")),
        figure("pqs-fig5", result -> columns(result, "sorted", "clipping")),
        figure("a2q-pareto", result -> found(claims(result, "narrowest"), "P = \\d+, [\\w+-]+")),
        figure(
            "a2q-resources", result -> found(claims(result, "saves most"), "[\\w+-]+ at P = \\d+")),
        figure("a2qplus-tradeoffs", result -> columns(result, "best A")),
        figure(
            "lba-finetune", result -> found(String.join("; ", result.notes()), "m\\de\\d|No reg")),
        figure(
            "lba-gradients",
            result -> found(claims(result, "validation images choose"), "(^|; )\\w+/[a-z/+]+")));
  }

  private static Arguments figure(String name, Function<ReproductionResult, List<String>> choices) {
    return Arguments.of(name, choices);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("choices")
  @Tag("slow")
  void choices_otherTestAccuracies_stayTheSame(
      String name, Function<ReproductionResult, List<String>> choices) throws IOException {
    ReproductionResult first = make(name, "test");
    List<String> chosen = choices.apply(first);
    assertThat(chosen).isNotEmpty();
    for (String word : List.of("other", "third", "fourth")) {
      ReproductionResult other = make(name, word);
      assertThat(choices.apply(other)).isEqualTo(chosen);
      assertThat(other.grids()).isNotEqualTo(first.grids());
    }
  }

  /** The front of a method steps to what validation images like best, whatever the test says. */
  @Test
  void front_ofEveryMethod_isTheTestAccuracyOfWhatValidationChose() throws IOException {
    ReproductionResult result = make("a2q-pareto", "test");
    Grid grid = result.grids().getFirst();
    int width = grid.columns().indexOf("P");
    int validation = grid.columns().indexOf("validation %");
    int test = grid.columns().indexOf("accuracy %");
    assertThat(result.charts().getFirst().series()).hasSize(4);
    for (Series series : result.charts().getFirst().series()) {
      for (Point point : series.points()) {
        List<Object> best =
            grid.rows().stream()
                .filter(row -> row.getFirst().equals(series.name()))
                .filter(row -> (int) row.get(width) <= point.x())
                .max(Comparator.comparingDouble(row -> (double) row.get(validation)))
                .orElseThrow();
        assertThat(point.y()).isEqualTo((double) best.get(test));
      }
    }
  }

  private ReproductionResult make(String name, String testWord) throws IOException {
    Path out = folder.resolve(name + "-" + testWord); // nothing of one word reaches another
    return Figures.named(name)
        .orElseThrow()
        .make(
            new InventingWorkshop(
                Scale.TWO_CORE, Optional.empty(), out, new ArrayList<>(), testWord));
  }

  /** What we found, of the claims that speak of {@code word}. */
  private static String claims(ReproductionResult result, String word) {
    return String.join(
        "; ",
        result.claims().stream()
            .filter(claim -> claim.what().toLowerCase(Locale.ROOT).contains(word))
            .map(PaperClaim::ours)
            .toList());
  }

  private static List<String> found(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).toList();
  }

  private static List<String> columns(ReproductionResult result, String... names) {
    List<String> values = new ArrayList<>();
    for (Grid grid : result.grids()) {
      for (String name : names) {
        int column = grid.columns().indexOf(name);
        if (column >= 0) {
          grid.rows().forEach(row -> values.add(row.get(column).toString()));
        }
      }
    }
    return values;
  }
}
