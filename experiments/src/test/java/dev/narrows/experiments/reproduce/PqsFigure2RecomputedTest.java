package dev.narrows.experiments.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.DataSource;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.experiments.analyze.Analysis;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.report.LayerOverflows;
import dev.narrows.report.LayerOverflows.WidthCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Our profile and accuracies of committed networks equal what {@code interop/pqs-fig2/recompute.py}
 * counted with NumPy, integer by integer.
 */
class PqsFigure2RecomputedTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @Test
  void profile_embeddedImages_equalsTheRecomputation() throws IOException {
    DataRoots none = new DataRoots(List.of(), Path.of("."));
    assertThat(ours("fashion-small", none)).isEqualTo(recomputed("fashion-small"));
  }

  /** Needs MNIST under a root of NARROWS_DATA; CI must have it. */
  @Test
  @Tag("data")
  void profile_mnist_equalsTheRecomputation() throws IOException {
    DataRoots roots = DataRoots.ofProcess(Optional.empty());
    if (System.getenv("CI") == null) {
      assumeTrue(
          new DataCatalog(roots).list(KnownSets.MNIST).filesFound() == 4,
          "SKIPPED: no MNIST in " + roots);
    }
    assertThat(ours("mnist", roots)).isEqualTo(recomputed("mnist"));
  }

  private static List<String> recomputed(String set) throws IOException {
    return Files.readAllLines(GOLDEN.resolve("pqs-fig2-" + set + ".csv")).stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  private static List<String> ours(String set, DataRoots roots) throws IOException {
    ModelFile model = ModelFile.open(GOLDEN.resolve("pqs-fig2-" + set + ".narrows"));
    DataSource.Opened opened = DataSource.open(set + "/test", DataSource.Options.of(roots));
    NetworkInputs inputs =
        NetworkInputs.of(
            model.network(), opened.name(), opened.inputs().limit(2000), Optional.empty());
    LayerOverflows profile =
        new Analysis(model, Summation.parse("int62:saturate"), false, 2)
            .of(inputs, EvaluationListener.SILENT)
            .layers()
            .getFirst()
            .profile()
            .orElseThrow();
    Evaluator evaluator = new Evaluator(model.network(), inputs, 2, EvaluationListener.SILENT);
    List<String> lines = new ArrayList<>();
    lines.add(
        "bits,clean,transient,persistent,clippedCorrect,transientsResolvedCorrect,clampCorrect");
    for (WidthCount width : profile.widths()) {
      if (width.bits() >= 8 && width.bits() <= 20) {
        lines.add(
            "%d,%d,%d,%d,%d,%d,%d"
                .formatted(
                    width.bits(),
                    width.clean(),
                    width.transientDots(),
                    width.persistent(),
                    correct(evaluator, inputs, width.bits(), "saturate"),
                    correct(evaluator, inputs, width.bits(), "resolved(transient)"),
                    correct(evaluator, inputs, width.bits(), "resolved")));
      }
    }
    return lines;
  }

  private static int correct(Evaluator evaluator, NetworkInputs inputs, int bits, String way) {
    int[] predictions =
        evaluator.predictions(LayerRegisters.of(Summation.parse("int" + bits + ":" + way)));
    return inputs.images() - Evaluator.differing(predictions, inputs.labels().orElseThrow());
  }
}
