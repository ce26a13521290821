package dev.narrows.experiments.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.ImageSet;
import dev.narrows.data.Inputs;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.Significance;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.report.AnalysisResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.SensitivityResult;
import dev.narrows.report.SensitivityResult.NarrowRegister;
import dev.narrows.report.SensitivityResult.NarrowedLayer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SensitivityTest {
  private static final Network NETWORK = SmallNetwork.of(3);
  private static final ModelFile MODEL =
      new ModelFile(
          Path.of("small.narrows"), NETWORK, new NetworkFile("small", "0"), Optional.empty());
  private static final ImageSet IMAGES =
      new DataCatalog(new DataRoots(List.of(), Path.of(".")))
          .load(KnownSets.FASHION_SMALL, Split.TEST, DataCatalog.Validation.DEFAULT)
          .limit(60);

  private static NetworkInputs inputs() {
    return NetworkInputs.of(NETWORK, "some", new Inputs.Images(IMAGES), Optional.empty());
  }

  /** The labels are what the network answers, so that exact registers are right on every image. */
  private static NetworkInputs learnt() {
    NetworkInputs own = inputs();
    Evaluator evaluator = new Evaluator(NETWORK, own, 1, EvaluationListener.SILENT);
    return new NetworkInputs(
        own.name(),
        own.source(),
        Optional.of(evaluator.exactPredictions()),
        Optional.empty(),
        List.of());
  }

  private static AnalysisResult analysis(
      NetworkInputs inputs, Optional<Narrowing> narrowing, String view, int threads) {
    return new Analysis(MODEL, Summation.parse("int62:saturate" + view), false, threads)
        .of(inputs, List.of(9), narrowing, EvaluationListener.SILENT);
  }

  private static SensitivityResult falling(String view, int threads) {
    Narrowing narrowing = new Narrowing.Falling(Summation.parse("int62:saturate" + view));
    return analysis(learnt(), Optional.of(narrowing), view, threads).sensitivity().orElseThrow();
  }

  private static void requireLikeEvaluating(SensitivityResult result) {
    NetworkInputs inputs = learnt();
    Evaluator evaluator = new Evaluator(NETWORK, inputs, 2, EvaluationListener.SILENT);
    for (NarrowedLayer layer : result.layers()) {
      for (NarrowRegister register : layer.registers()) {
        Summation summation = Summation.parse(register.accumulator());
        LayerRegisters registers =
            layer.name().equals(SensitivityResult.ALL)
                ? LayerRegisters.of(summation)
                : LayerRegisters.of(Summation.exact(), Map.of(layer.name(), summation));
        AccumulatorResult alone = evaluator.evaluate(registers);
        assertThat(register.accuracy()).isEqualTo(alone.accuracy());
        assertThat(Optional.of(register.interval())).isEqualTo(alone.interval());
        assertThat(register.differing()).isEqualTo(alone.differing());
        assertThat(register.onlyExact()).isEqualTo(alone.differing());
        assertThat(register.onlyNarrow()).isZero();
        register
            .overflowing()
            .ifPresent(share -> {
              var classes = alone.classes().orElseThrow();
              assertThat(share)
                  .isEqualTo(100.0 * (classes.dots() - classes.clean()) / classes.dots());
            });
      }
    }
  }

  @Test
  void sensitivity_falling_goesFromTheWidestSeenToWhereAccuracyHasFallen() {
    SensitivityResult result = falling("", 2);
    assertThat(result.exactAccuracy()).isEqualTo(100);
    assertThat(result.skipped()).containsExactly("first");
    assertThat(result.layers())
        .extracting(NarrowedLayer::name)
        .containsExactly("second", "last", SensitivityResult.ALL);
    requireLikeEvaluating(result);
    for (NarrowedLayer layer : result.layers()) {
      List<NarrowRegister> registers = layer.registers();
      assertThat(registers.getFirst().bits()).isEqualTo(layer.seen());
      assertThat(registers.getFirst().differing()).isZero();
      assertThat(registers)
          .extracting(NarrowRegister::bits)
          .isEqualTo(
              IntStream.range(0, registers.size()).map(i -> layer.seen() - i).boxed().toList());
      assertThat(registers.getLast().accuracy()).isLessThanOrEqualTo(90);
      registers
          .subList(0, registers.size() - 1)
          .forEach(r -> assertThat(r.accuracy()).isGreaterThan(90));
      int enough = layer.enough().orElseThrow();
      registers.forEach(r -> {
        if (r.bits() >= enough) {
          assertThat(r.accuracy()).isGreaterThanOrEqualTo(99);
        }
        if (r.bits() == enough - 1) {
          assertThat(r.accuracy()).isLessThan(99);
        }
      });
      assertThat(layer.safe()).isGreaterThanOrEqualTo(layer.seen());
    }
  }

  @Test
  void sensitivity_anyNumberOfThreads_givesTheSame() {
    assertThat(falling(":sorted(1)", 1)).isEqualTo(falling(":sorted(1)", 3));
  }

  @Test
  void sensitivity_givenRegisters_areTriedInEveryLayer() {
    List<Summation> registers =
        List.of(
            Summation.parse("int9:wrap"),
            Summation.parse("int9:saturate"),
            Summation.parse("exact"),
            Summation.parse("int20:saturate:reversed"));
    SensitivityResult result =
        analysis(learnt(), Optional.of(new Narrowing.Given(registers)), "", 2)
            .sensitivity()
            .orElseThrow();
    requireLikeEvaluating(result);
    for (NarrowedLayer layer : result.layers()) {
      assertThat(layer.enough()).as("two ways at 9 bits").isEmpty();
      assertThat(layer.registers())
          .extracting(NarrowRegister::accumulator)
          .containsExactly("int20:saturate:reversed", "int9:wrap", "int9:saturate");
      assertThat(layer.registers().getFirst().overflowing()).as("another order").isEmpty();
      assertThat(layer.registers().getLast().overflowing()).isPresent();
    }
  }

  @Test
  void sensitivity_changesNothingElseOfAnAnalysis() {
    Narrowing narrowing = new Narrowing.Given(List.of(Summation.parse("int9:saturate")));
    AnalysisResult with = analysis(inputs(), Optional.of(narrowing), "", 2);
    AnalysisResult without = analysis(inputs(), Optional.empty(), "", 1);
    assertThat(with.layers()).isEqualTo(without.layers());
    assertThat(with.interval())
        .contains(Significance.wilson(Math.round(with.accuracy().orElseThrow() * 60 / 100), 60))
        .isEqualTo(without.interval());
    assertThat(with.sensitivity().orElseThrow().exactAccuracy())
        .isEqualTo(with.accuracy().orElseThrow());
  }

  @Test
  void sensitivity_withoutLabels_isRefused() {
    NetworkInputs own = inputs();
    NetworkInputs bare =
        new NetworkInputs("bare", own.source(), Optional.empty(), Optional.empty(), List.of());
    Narrowing narrowing = new Narrowing.Given(List.of(Summation.parse("int9:saturate")));
    assertThatThrownBy(() -> analysis(bare, Optional.of(narrowing), "", 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("bare has no label for each image");
  }
}
