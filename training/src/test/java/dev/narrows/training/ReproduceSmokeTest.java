package dev.narrows.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.data.catalog.DataRoots;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.reproduce.Figures;
import dev.narrows.experiments.reproduce.Reproduction;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Point;
import dev.narrows.report.ReproductionResult.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures made from nothing at scale smoke, by the real trainer on embedded images. */
@Tag("slow")
class ReproduceSmokeTest {
  @TempDir private Path folder;

  private ReproductionResult make(String name) throws IOException {
    Figure figure = Figures.named(name).orElseThrow();
    return new Reproduction(
            figure,
            Scale.SMOKE,
            Optional.empty(),
            folder.resolve(name),
            new DataRoots(List.of(), folder),
            new LibtorchTrainer(),
            2,
            List.of("reproduce", name))
        .finish(TrainingListener.SILENT, EvaluationListener.SILENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pqs-fig3"})
  void figure_atScaleSmoke_hasClaimsGridsAndCharts(String name) throws IOException {
    ReproductionResult result = make(name);
    assertThat(result.figure()).isEqualTo(name);
    assertThat(result.claims()).isNotEmpty();
    assertThat(result.grids()).allSatisfy(grid -> assertThat(grid.rows()).isNotEmpty());
    assertThat(result.charts()).isNotEmpty();
  }

  @Test
  void figure2_classes_addUpAndShrinkWithTheWidth() throws IOException {
    ReproductionResult result = make("pqs-fig2");
    List<Series> shares = result.charts().getFirst().series();
    assertThat(shares)
        .extracting(Series::name)
        .containsExactly(
            "persistent, of dot products", "transient, of dot products", "transient, of overflows");
    List<Point> persistent = shares.get(0).points();
    List<Point> fleeting = shares.get(1).points();
    List<Point> ofOverflows = shares.get(2).points();
    for (int i = 0; i < persistent.size(); i++) {
      double all = persistent.get(i).y() + fleeting.get(i).y();
      assertThat(all).isBetween(0.0, 100.0);
      assertThat(ofOverflows.get(i).y() * all).isEqualTo(100 * fleeting.get(i).y(), offset());
      if (i > 0) {
        assertThat(persistent.get(i).y()).isLessThanOrEqualTo(persistent.get(i - 1).y());
      }
    }
  }

  /** Shares in percent are quotients of counts, rounded once each. */
  private static org.assertj.core.data.Offset<Double> offset() {
    return org.assertj.core.data.Offset.offset(1e-9);
  }
}
