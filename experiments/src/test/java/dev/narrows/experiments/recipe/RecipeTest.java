package dev.narrows.experiments.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.quantize.a2q.NormMethod;
import dev.narrows.core.quantize.a2q.NormStart;
import dev.narrows.experiments.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {
  private static final String FULL =
      """
      name: trial
      model: cnn-small
      width: 24
      data: {set: fashion-small, validation: 1000}
      seed: 7
      threads: 2
      batch: 64
      augment: {pad: 2, flip: true}
      quantization:
        weights: 4
        activations: 4
        scales: learned
        exclude: [first, last]
        constraint: {method: a2q+, bits: 12}
      prepare: {equalize: true, calibrate: 500}
      pruning: {keep: 8, group: 16, steps: 4}
      phases:
        float: {epochs: 3, optimizer: adam, rate: 2e-3, schedule: cosine(0.1)}
        prune: {epochs: 2}
        quantize: {epochs: 2, schedule: 'step(0.5,1)'}
        register: {epochs: 1, accumulator: 'int9:saturate:sorted', steps: [12, 10, 9]}
      """;

  @Test
  void parse_everyKey_isReadAndDefaultsAreResolved() {
    Recipe recipe = Recipe.parse("r.yaml", FULL);
    assertThat(recipe.model()).isEqualTo(Model.CNN_SMALL);
    assertThat(recipe.width()).isEqualTo(24);
    assertThat(recipe.preprocess()).isEqualTo("unit");
    assertThat(((IntegerNumbers) recipe.numbers()).firstLast()).isEqualTo(8);
    assertThat(recipe.numbers().exclude())
        .isEqualTo(Set.of(IntegerNumbers.Excluded.FIRST, IntegerNumbers.Excluded.LAST));
    assertThat(recipe.numbers().constraint())
        .hasValue(
            new Constraint(NormMethod.A2Q_PLUS, 12, NormStart.StartRule.EP, 1e-3, NormMethod.A2Q));
    assertThat(recipe.prepare()).isEqualTo(new Prepare(true, false, 500));
    assertThat(recipe.phases().floating().orElseThrow().rate()).isEqualTo(2e-3);
    assertThat(recipe.phases().quantize().orElseThrow().schedule())
        .isEqualTo(new Schedule.SteppedRate(0.5, 1));
    RegisterPhase register = recipe.phases().register().orElseThrow();
    assertThat(register.accumulator()).isEqualTo(Summation.parse("int9:saturate:sorted"));
    assertThat(register.steps()).isEqualTo(List.of(12, 10, 9));
  }

  @Test
  void parse_cutout_isWrittenOnlyWhereThereIsSome() {
    Recipe recipe = Recipe.parse("r.yaml", FULL.replace("flip: true}", "flip: true, cutout: 8}"));
    assertThat(recipe.augment()).isEqualTo(new Augment(2, true, 8));
    assertThat(Recipe.parse("again.yaml", recipe.toYaml())).isEqualTo(recipe);
    assertThat(Recipe.parse("r.yaml", FULL).toYaml()).doesNotContain("cutout");
  }

  @Test
  void parse_withoutPrepare_calibratesOnly() {
    Recipe recipe = Recipe.parse("r.yaml", FULL.replaceAll("(?m)^prepare:.*\\n", ""));
    assertThat(recipe.prepare()).isEqualTo(Prepare.DEFAULT);
  }

  @Test
  void parse_registersPerLayer_keepTheirDistanceOnTheWay() {
    Recipe recipe =
        Recipe.parse(
            "r.yaml",
            FULL.replace(
                "steps: [12, 10, 9]",
                "layers: {'layer3.*': 'int11:wrap', linear: exact}, steps: [12, 9]"));
    RegisterPhase register = recipe.phases().register().orElseThrow();
    assertThat(register.at(9)).isEqualTo(register.registers());
    assertThat(register.at(12).ofDot("layer3.0.conv1", false))
        .contains(Summation.parse("int14:wrap"));
    assertThat(register.at(12).ofDot("layer2.0.conv1", false))
        .contains(Summation.parse("int12:saturate:sorted"));
    assertThat(register.at(12).ofDot("linear", true)).contains(Summation.exact());
    assertThat(register.at(12).ofDot("conv1", true)).isEmpty();
    assertThat(Recipe.parse("again.yaml", recipe.toYaml())).isEqualTo(recipe);
  }

  @Test
  void parse_planForLayers_trainsThroughItsRegisters(@TempDir Path folder) throws IOException {
    Path plan = folder.resolve("plan.yaml");
    Files.writeString(
        plan,
        """
        # A register for each layer, as narrows narrow chose them.
        network: 3c002613d1b2475eb51dd78dfb85a546c8ae658dee71cf6ade43b022fe205415
        promise: data
        registers:
          "layer3.0.conv1": "int11:saturate:sorted"
          "linear": "int14:saturate:sorted"
        reasons: # what keeps each register from being narrower
          "layer3.0.conv1": "budget: 10 bits lose 2.10, perhaps 2.90"
          "linear": "proof: some input needs 14 bits"
        """);
    Recipe recipe =
        Recipe.parse(
            "r.yaml",
            FULL.replace("steps: [12, 10, 9]", "layers: '%s', steps: [12, 9]".formatted(plan)));
    RegisterPhase register = recipe.phases().register().orElseThrow();
    assertThat(register.at(9).ofDot("layer3.0.conv1", false))
        .contains(Summation.parse("int11:saturate:sorted"));
    assertThat(register.at(9).ofDot("linear", true))
        .contains(Summation.parse("int14:saturate:sorted"));
    assertThat(register.at(9).ofDot("layer2.0.conv1", false))
        .contains(Summation.parse("int9:saturate:sorted"));
    // what a run keeps needs the plan's file no more
    assertThat(Recipe.parse("again.yaml", recipe.toYaml())).isEqualTo(recipe);
    Files.writeString(plan, "registers: {linear: int1:saturate}\n");
    assertThatThrownBy(
            () -> Recipe.parse("r.yaml", FULL.replace("steps: [12, 10, 9]", "layers: " + plan)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("plan.yaml");
  }

  @Test
  void toYaml_readBack_isEqualAndHoldsNoAuto() {
    Recipe recipe = Recipe.parse("r.yaml", FULL);
    String yaml = recipe.toYaml();
    assertThat(yaml).doesNotContain("auto");
    assertThat(Recipe.parse("again.yaml", yaml)).isEqualTo(recipe);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name: trial        | nmae: trial           | r.yaml:1:1: nmae: unknown key; known keys here: name, model, width
          name: trial        | name: ../trial        | name: expected letters, digits, dots, dashes and underscores
          model: cnn-small   | model: vgg            | r.yaml:2:1: model: expected one of mlp1, mlp2, mlp4, cnn-small, upconv-small, dscnn, resnet8, resnet20, resnet18, mobilenetv1, mobilenetv2, espcn, unet, char-encoder, found "vgg"
          width: 24          | width: 0              | width: must be in [1, 1024], got 0
          seed: 7            | seed: seven           | seed: expected a whole number, found "seven"
          seed: 7            | model: mlp1           | model: the key stands here a second time
          seed: 7            | seed: *s              | seed: aliases are not allowed
          seed: 7            | seed:                 | seed: expected a value, found nothing
          weights: 4         | weights: 9            | r.yaml:10:3: quantization.weights: must be in [2, 8], got 9
          scales: learned    | scale: learned        | quantization.scale: unknown key; known keys here: weights, activations, scales
          [first, last]      | [first, middle]       | quantization.exclude[1]: expected one of first, last, found "middle"
          method: a2q+       | method: a2q++         | r.yaml:14:16: quantization.constraint.method: expected one of a2q, a2q+, sign-sum, found "a2q++"
          bits: 12           | bits: 3               | quantization.constraint.bits: must be in [4, 32], got 3
          bits: 12           | bits: 12, init: svd   | quantization.constraint.init: expected one of plain, ep, ep-centred, found "svd"
          bits: 12           | bits: 12, penalty: -1 | quantization.constraint.penalty: must be in [0.0, 1.0], got -1
          bits: 12           | bits: 12, depthwise: no | quantization.constraint.depthwise: expected one of a2q, a2q+, sign-sum, found "no"
          bits: 12           | bits: 12, P: 1        | quantization.constraint.P: unknown key; known keys here: method, bits, init, penalty, depthwise
          {method: a2q+, bits: 12} | {method: a2q+} | quantization.constraint: key "bits" is missing
          scales: learned    | scales: observed      | quantization.constraint: needs scales: learned
          calibrate: 500     | calibrate: 0          | prepare.calibrate: must be in [1, 1048576], got 0
          equalize: true     | equalise: true        | prepare.equalise: unknown key; known keys here: equalize, correctBias, calibrate
          keep: 8            | keep: 16              | pruning.keep: must be in [1, 15], got 16
          rate: 2e-3         | rate: -1              | phases.float.rate: must be in
          cosine(0.1)        | linear                | phases.float.schedule: expected constant, cosine
          int9:saturate:sorted | int9:clip           | phases.register.accumulator: accumulator "int9:clip": found "clip"
          int9:saturate:sorted | exact               | phases.register.accumulator: an exact register needs no fine-tuning
          [12, 10, 9]        | [12, 10]              | phases.register.steps: must end at 9
          [12, 10, 9]        | [10, 12, 9]           | phases.register.steps: widths must fall
          steps: [12, 10, 9] | layers: {linear: m7e4} | phases.register.layers.linear: the network has integer operands; m7e4(12)/m7e4(10) is a register for float operands
          steps: [12, 10, 9] | steps: [60, 9], layers: {linear: int13:wrap} | phases.register.steps: a register under "layers" at the step of 60: accumulator width must be in [2, 62] bits, got 64
          prune: {epochs: 2} | prune: {epochs: 2, precision: fp16} | phases.prune.precision: expected one of float32, bf16, found "fp16"
          {epochs: 2, schedule: 'step(0.5,1)'} | {epochs: 2, precision: bf16} | r.yaml:20:25: phases.quantize.precision: this phase makes its sums bit for bit, and bfloat16 would round them; expected float32
          steps: [12, 10, 9] | precision: bf16 | phases.register.precision: this phase makes its sums bit for bit
          prune: {epochs: 2} | prune: {epochs: 2, batchNorm: both} | phases.prune.batchNorm: expected one of separate, fused, found "both"
          {epochs: 2, schedule: 'step(0.5,1)'} | {epochs: 2, batchNorm: fused} | phases.quantize.batchNorm: this phase makes its sums bit for bit and normalises them in one step
          steps: [12, 10, 9] | batchNorm: fused | phases.register.batchNorm: this phase makes its sums bit for bit
          {epochs: 2, schedule: 'step(0.5,1)'} | {epochs: 2, distill: {temperature: 4, weight: 0.9}} | phases.quantize.distill: needs "init", whose float network is the teacher
          {epochs: 2, schedule: 'step(0.5,1)'} | {epochs: 2, distill: {temperature: 0, weight: 0.9}} | phases.quantize.distill.temperature: must be in [0.01, 100.0], got 0
          steps: [12, 10, 9] | distill: {temperature: 4, weight: 1.5} | phases.register.distill.weight: must be in [0.0, 1.0], got 1.5
          steps: [12, 10, 9] | distill: {weight: 0.5} | phases.register.distill: key "temperature" is missing
          steps: [12, 10, 9] | distill: {temperature: 4, weight: 0.5, loss: mse} | phases.register.distill.loss: unknown key; known keys here: temperature, weight
          prune: {epochs: 2} | prune: {epochs: 2, distill: {temperature: 4, weight: 0.5}} | phases.prune.distill: only the phases quantize and register have a teacher
          pruning:           | # pruning:            | the phase "prune" needs the key "pruning"
          {set: fashion-small, validation: 1000} | [a] | data: expected keys and values, found a list
          seed: 7            | seed: [               | not YAML
          """)
  void parse_oneMistake_isToldWithPlaceAndExpectation(
      String original, String mistake, String expected) {
    assertThat(FULL).contains(original);
    assertThatThrownBy(() -> Recipe.parse("r.yaml", FULL.replace(original, mistake)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(expected)
        .hasMessageStartingWith("r.yaml:");
  }

  @Test
  void toYaml_laterKeysOfAPhase_areWrittenOnlyWhereTheyAreNotTheDefault() {
    String text =
        FULL.replace("cosine(0.1)}", "cosine(0.1), precision: bf16, batchNorm: fused}")
            .replace("seed: 7", "seed: 7\ninit: float.safetensors")
            .replace("steps: [12", "distill: {temperature: 4, weight: 0.9}, steps: [12");
    Recipe recipe = Recipe.parse("r.yaml", text);
    assertThat(recipe.phases().floating().orElseThrow().precision()).isEqualTo(Precision.BF16);
    assertThat(recipe.phases().floating().orElseThrow().batchNorm())
        .isEqualTo(BatchNormSteps.FUSED);
    assertThat(recipe.phases().register().orElseThrow().phase().distill())
        .hasValue(new Distillation(4, 0.9));
    assertThat(Recipe.parse("again.yaml", recipe.toYaml())).isEqualTo(recipe);
    String plain = Recipe.parse("r.yaml", FULL).toYaml();
    assertThat(plain).doesNotContain("precision", "batchNorm", "distill");
    String spelt =
        FULL.replace(
            "{epochs: 2}", "{epochs: 2, precision: float32, batchNorm: separate, distill: none}");
    assertThat(Recipe.parse("r.yaml", spelt).toYaml()).isEqualTo(plain);
  }

  @Test
  void parse_bf16PruningAfterQuantisation_isRefused() {
    String text =
        FULL.replace("{epochs: 2}", "{epochs: 2, precision: bf16}")
            .replace("phases:", "order: quantize-then-prune\nphases:");
    assertThatThrownBy(() -> Recipe.parse("r.yaml", text))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("phases.prune.precision: this phase makes its sums bit for bit");
  }

  @Test
  void toYaml_withoutConstraint_saysNone() {
    Recipe recipe = Recipe.parse("r.yaml", FULL.replaceAll("(?m)^  constraint:.*\\n", ""));
    assertThat(recipe.numbers().constraint()).isEmpty();
    assertThat(recipe.toYaml()).contains("constraint: none");
    String none = FULL.replaceAll("constraint:.*", "constraint: none");
    assertThat(Recipe.parse("r.yaml", none)).isEqualTo(recipe);
  }

  @Test
  void parse_nothingToStartFrom_isRefused() {
    String text = FULL.replaceAll("(?m)^  float:.*\\n", "");
    assertThatThrownBy(() -> Recipe.parse("r.yaml", text))
        .hasMessageContaining("without \"init\" or \"from\" there must be a phase \"float\"");
  }

  @Test
  void keptAt_overThePhase_fallsInEqualStepsAndEndsAtKeep() {
    Pruning pruning = new Pruning(8, 16, 4, Pruning.Structure.WEIGHTS);
    assertThat(pruning.keptAt(0, 100)).isEqualTo(14);
    assertThat(pruning.keptAt(25, 100)).isEqualTo(12);
    assertThat(pruning.keptAt(50, 100)).isEqualTo(10);
    assertThat(pruning.keptAt(75, 100)).isEqualTo(8);
    assertThat(pruning.keptAt(99, 100)).isEqualTo(8);
  }

  @Test
  void schedule_factors_startAtOneAndFall() {
    assertThat(new Schedule.CosineRate(0).factor(0, 10, 100)).isEqualTo(1);
    assertThat(new Schedule.CosineRate(0).factor(50, 10, 100)).isEqualTo(0.5);
    assertThat(new Schedule.SteppedRate(0.5, 2).factor(39, 10, 100)).isEqualTo(0.5);
    assertThat(new Schedule.SteppedRate(0.5, 2).factor(40, 10, 100)).isEqualTo(0.25);
  }

  @Test
  void parse_keysOfOwnData_areReadBackAndRefusedForKnownSets() {
    String own =
        FULL.replace(
            "{set: fashion-small, validation: 1000}",
            "{set: some/folder, test: 300, resize: 32x48, targets: labels, layout: nhwc}");
    Recipe recipe = Recipe.parse("r.yaml", own);
    assertThat(recipe.preprocess()).isEqualTo("auto");
    assertThat(recipe.data().validation()).isEmpty();
    assertThat(recipe.data().own().orElseThrow().testCount()).hasValue(300);
    assertThat(Recipe.parse("r.yaml", recipe.toYaml())).isEqualTo(recipe);
    assertThatThrownBy(
            () -> Recipe.parse("r.yaml", FULL.replace("validation: 1000", "resize: 2x2")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("is for data of your own; fashion-small is a known set");
    assertThatThrownBy(() -> Recipe.parse("r.yaml", own.replace("32x48", "32")))
        .hasMessageContaining("expected HEIGHTxWIDTH such as 32x32, found \"32\"");
    assertThatThrownBy(() -> Recipe.parse("r.yaml", FULL.replace("seed: 7", "preprocess: none")))
        .hasMessageContaining("none is for arrays of your own; fashion-small has pixels");
  }
}
