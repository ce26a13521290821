package dev.narrows.experiments.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.DataSource;
import dev.narrows.experiments.fixture.SmallFloatNetwork;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.tensor.Words;
import dev.narrows.report.DecidedDots;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.FloatDiagnostics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluatorTest {
  private static final Network NETWORK = SmallNetwork.of(3);
  private static final NetworkInputs INPUTS = inputs(60);
  private static final Evaluator EVALUATOR =
      new Evaluator(NETWORK, INPUTS, 2, EvaluationListener.SILENT);

  private static NetworkInputs inputs(int limit) {
    return inputs(NETWORK, limit);
  }

  private static NetworkInputs inputs(Network network, int limit) {
    DataSource.Opened opened =
        DataSource.open(
            "fashion-small", DataSource.Options.of(new DataRoots(List.of(), Path.of("."))));
    return NetworkInputs.of(network, opened.name(), opened.inputs().limit(limit), Optional.empty());
  }

  private static Execution all(LayerRegisters registers) {
    try (Executor executor = Executor.of(NETWORK, registers, 1)) {
      return executor.run(INPUTS.source(), RunOptions.none());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "saturate",
        "wrap",
        "resolved",
        "resolved(transient)",
        "saturate:reversed",
        "saturate:ascending",
        "saturate:sorted(1)",
        "saturate:sorted",
        "saturate:tiles(16,1)",
        "saturate:sign-directed",
        "saturate:chunk(8)",
        "saturate:chunk(8,int16)",
        "wrap:chunk(8,int16)",
        "resolved:chunk(8,int16)",
        "saturate:bias(preload)",
        "wrap:zero(raw)"
      })
  void evaluate_anyRegister_givesWhatRunningEveryImageGives(String policy) {
    for (int bits = 8; bits <= 16; bits += 2) {
      LayerRegisters registers = LayerRegisters.of(Summation.parse("int" + bits + ":" + policy));
      int[] expected = all(registers).predictions();
      assertThat(EVALUATOR.predictions(registers)).as("int%d:%s", bits, policy).isEqualTo(expected);
    }
  }

  /** Registers that are expected are run in the pass that looks at widths. */
  @Test
  @Tag("slow")
  void evaluate_manyExpectedRegisters_givesWhatRunningEveryImageGives() {
    List<LayerRegisters> registers = new ArrayList<>();
    registers.add(LayerRegisters.exact());
    for (int bits = 8; bits <= 16; bits++) {
      for (String policy :
          List.of("saturate", "wrap", "resolved", "saturate:ascending", "saturate:sorted")) {
        registers.add(LayerRegisters.of(Summation.parse("int" + bits + ":" + policy)));
      }
    }
    registers.add(
        LayerRegisters.of(
            Summation.parse("int11:saturate:sorted"), Map.of("la*", Summation.exact())));
    Evaluator evaluator = new Evaluator(NETWORK, INPUTS, 2, EvaluationListener.SILENT);
    evaluator.expect(registers);
    for (LayerRegisters one : registers) {
      assertThat(evaluator.predictions(one)).as("%s", one).isEqualTo(all(one).predictions());
      AccumulatorResult alone =
          new Evaluator(NETWORK, INPUTS, 1, EvaluationListener.SILENT).evaluate(one);
      assertThat(evaluator.evaluate(one)).as("%s", one).isEqualTo(alone);
    }
    assertThat(evaluator.decided())
        .extracting(DecidedDots::pass)
        .contains("widths in sequential order", "int8:saturate", "widths in ascending order");
    assertThat(evaluator.decided()).extracting(DecidedDots::images).contains(60);
  }

  @Test
  void evaluate_floatingRegister_isThatOfTheReferenceOnEveryImage() {
    Network network = SmallFloatNetwork.of(4);
    NetworkInputs inputs = inputs(network, 25);
    Evaluator evaluator = new Evaluator(network, inputs, 2, EvaluationListener.SILENT);
    LayerRegisters registers = LayerRegisters.of(Summation.parse("m2e3(3)/m2e3(2):chunk(4)"));
    AccumulatorResult result = evaluator.evaluate(registers);
    ReferenceExecutor reference = new ReferenceExecutor(network, registers);
    int[] expected = new int[25];
    for (int image = 0; image < 25; image++) {
      int[] words = new int[784];
      inputs.source().read(image, 1, words);
      assertThat(Words.number(words[400])).isBetween(0f, 1f);
      float[] scores = Words.numbers(reference.run(words));
      for (int c = 1; c < 10; c++) {
        expected[image] = scores[c] > scores[expected[image]] ? c : expected[image];
      }
    }
    assertThat(evaluator.predictions(registers)).isEqualTo(expected);
    assertThat(result.differing()).isPositive();
    assertThat(result.floats()).isEmpty();
    evaluator.diagnose(inputs.images());
    List<FloatDiagnostics> floats = evaluator.evaluate(registers).floats().orElseThrow();
    assertThat(floats).extracting(FloatDiagnostics::name).containsExactly("conv", "last");
    assertThat(floats).extracting(FloatDiagnostics::terms).containsExactly(16, 196);
    assertThat(floats).extracting(FloatDiagnostics::dots).containsExactly(25 * 196L, 25 * 10L);
    assertThat(floats)
        .allSatisfy(layer -> {
          assertThat(layer.swamped()).isBetween(0.1, 99.0);
          assertThat(layer.signalToNoise().orElseThrow()).isBetween(0.0, 40.0);
          assertThat(layer.order()).isEqualTo("chunk(4)");
        });
    assertThat(evaluator.evaluate(LayerRegisters.exact()).floats()).isEmpty();
    assertThat(result.classes()).isEmpty();
    assertThat(result.layers().getFirst().accumulator()).isEqualTo("m2e3(3)/m2e3(2):chunk(4)");
  }

  @Test
  void evaluate_withoutClasses_hasTheSamePredictionsAndNoClasses() {
    LayerRegisters registers = LayerRegisters.of(Summation.parse("int10:saturate:tiles(16)"));
    Evaluator quick = new Evaluator(NETWORK, INPUTS, 2, EvaluationListener.SILENT);
    quick.withoutClasses();
    AccumulatorResult result = quick.evaluate(registers);
    assertThat(quick.predictions(registers)).isEqualTo(EVALUATOR.predictions(registers));
    assertThat(result.differing()).isEqualTo(EVALUATOR.evaluate(registers).differing());
    assertThat(result.classes()).isEmpty();
  }

  @Test
  void evaluate_rulesPerLayer_giveWhatRunningEveryImageGives() {
    LayerRegisters registers =
        LayerRegisters.of(
            Summation.parse("int11:saturate:sorted"),
            Map.of(
                "first", Summation.parse("int12:saturate"), "la*", Summation.parse("int10:wrap")));
    AccumulatorResult result = EVALUATOR.evaluate(registers);
    assertThat(EVALUATOR.predictions(registers)).isEqualTo(all(registers).predictions());
    assertThat(result.layers())
        .extracting(layer -> layer.name() + " " + layer.accumulator())
        .containsExactly("first int12:saturate", "second int11:saturate:sorted", "last int10:wrap");
  }

  @Test
  void evaluate_narrowRegister_countsClassesOfTheLayersItGoverns() {
    AccumulatorResult result =
        EVALUATOR.evaluate(LayerRegisters.of(Summation.parse("int9:saturate")));
    var classes = result.classes().orElseThrow();
    assertThat(classes.dots()).isEqualTo(60L * (8 * 49 + 10));
    assertThat(classes.clean() + classes.transientDots() + classes.persistent())
        .isEqualTo(classes.dots());
    assertThat(classes.persistent()).isPositive();
    assertThat(result.layers().getFirst().accumulator()).isEqualTo("exact");
    assertThat(result.differing())
        .isEqualTo(
            Evaluator.differing(
                EVALUATOR.exactPredictions(),
                EVALUATOR.predictions(LayerRegisters.of(Summation.parse("int9:saturate")))));
  }

  @Test
  void evaluate_sortedToTheEnd_isNeverTransientAndEqualsResolved() {
    for (int bits = 8; bits <= 14; bits++) {
      AccumulatorResult sorted =
          EVALUATOR.evaluate(LayerRegisters.of(Summation.parse("int" + bits + ":saturate:sorted")));
      AccumulatorResult resolved =
          EVALUATOR.evaluate(LayerRegisters.of(Summation.parse("int" + bits + ":resolved")));
      assertThat(sorted.classes().orElseThrow().transientDots()).isZero();
      assertThat(sorted.accuracy()).isEqualTo(resolved.accuracy());
      assertThat(sorted.classes().orElseThrow().persistent())
          .isEqualTo(resolved.classes().orElseThrow().persistent());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"saturate:sorted", "saturate:sign-directed", "saturate:sorted(2)"})
  void evaluate_classes_areThoseOfAProfileInThatOrder(String policy) {
    for (int bits = 6; bits <= 13; bits++) {
      Summation summation = Summation.parse("int" + bits + ":" + policy);
      Execution profiled;
      try (Executor executor = Executor.of(NETWORK, LayerRegisters.exact(), 2)) {
        profiled =
            executor.run(
                INPUTS.source(),
                RunOptions.none().withProfiles(new RunOptions.Profiling(summation, false)));
      }
      var classes = EVALUATOR.evaluate(LayerRegisters.of(summation)).classes().orElseThrow();
      long expectedClean = 0;
      long expectedTransient = 0;
      for (var profile : profiled.profiles().subList(1, 3)) { // the first layer is pinned
        expectedClean += profile.total().count(OverflowClass.CLEAN, bits);
        expectedTransient += profile.total().count(OverflowClass.TRANSIENT, bits);
      }
      assertThat(classes.clean()).as("clean at %d", bits).isEqualTo(expectedClean);
      assertThat(classes.transientDots()).as("transient at %d", bits).isEqualTo(expectedTransient);
    }
  }

  @Test
  void evaluate_moreThreads_givesTheSame() {
    LayerRegisters registers = LayerRegisters.of(Summation.parse("int10:saturate:sorted(1)"));
    Evaluator single = new Evaluator(NETWORK, INPUTS, 1, EvaluationListener.SILENT);
    Evaluator triple = new Evaluator(NETWORK, INPUTS, 3, EvaluationListener.SILENT);
    assertThat(single.evaluate(registers)).isEqualTo(triple.evaluate(registers));
  }
}
