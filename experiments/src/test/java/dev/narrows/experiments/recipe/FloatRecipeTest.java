package dev.narrows.experiments.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.FloatNumbers.SmallFloat;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatRecipeTest {
  private static final String FULL =
      """
      model: mlp4
      data: {set: fashion-small}
      init: weights.safetensors
      quantization: {weights: m4e3, activations: float, exclude: [last]}
      phases:
        register: {accumulator: 'm4e3(6)/m4e3(4)', epochs: 1, gradient: recursive/of+immediate/diff, epsilon: 0.1, withoutUnderflow: {epochs: 5}}
      """;

  @Test
  void parse_everyKey_isRead() {
    Recipe recipe = Recipe.parse("r.yaml", FULL);
    assertThat(recipe.numbers())
        .isEqualTo(
            new FloatNumbers(
                Optional.of(new SmallFloat(4, 3)),
                Optional.empty(),
                Set.of(IntegerNumbers.Excluded.LAST)));
    RegisterPhase register = recipe.phases().register().orElseThrow();
    assertThat(register.accumulator()).isEqualTo(Summation.parse("m4e3(6)/m4e3(4):chunk(16)"));
    FloatTraining floats = register.floats().orElseThrow();
    assertThat(floats.masks())
        .containsExactlyInAnyOrder(GradientMask.RECURSIVE_OF, GradientMask.IMMEDIATE_DIFF);
    assertThat(floats.epsilon()).isEqualTo(OptionalDouble.of(0.1));
    assertThat(floats.withoutUnderflow().orElseThrow().epochs()).isEqualTo(5);
  }

  @Test
  void toYaml_readBack_isEqual() {
    Recipe recipe = Recipe.parse("r.yaml", FULL);
    assertThat(Recipe.parse("again.yaml", recipe.toYaml())).isEqualTo(recipe);
  }

  @Test
  void parse_wordFloat_isBinary32EverywhereAndIdentityGradients() {
    Recipe recipe =
        Recipe.parse(
            "r.yaml",
            FULL.replaceAll("(?m)^quantization.*", "quantization: float")
                .replaceAll("gradient: .*", "gradient: identity}"));
    assertThat(recipe.numbers())
        .isEqualTo(new FloatNumbers(Optional.empty(), Optional.empty(), Set.of()));
    assertThat(recipe.phases().register().orElseThrow().floats()).hasValue(FloatTraining.plain());
    assertThat(Recipe.parse("again.yaml", recipe.toYaml())).isEqualTo(recipe);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          weights: m4e3 | weights: m4e3(5) | quantization.weights: expected float or m<bits>e<bits> without a bias
          weights: m4e3 | weights: m11e3 | quantization.weights: a stored number has 1 to 10 mantissa bits
          activations: float | activations: 4 | quantization.activations: expected float or m<bits>e<bits>
          m4e3(6)/m4e3(4) | int9:saturate | phases.register.gradient: does not belong to the register int9:saturate
          gradient: recursive/of+immediate/diff | steps: [8] | phases.register.steps: does not belong to the register m4e3(6)/m4e3(4)
          recursive/of+immediate/diff | recursive/of | phases.register.epsilon: belongs to the gradient immediate/diff
          recursive/of+ | sideways+ | phases.register.gradient: gradient "sideways+immediate/diff": found "sideways"
          gradient: recursive/of+immediate/diff | layers: {fc1: int9:wrap}, gradient: recursive/of+immediate/diff | phases.register.layers.fc1: the network has float operands; int9:wrap is a register for integer operands
          epochs: 5 | rate: 1 | phases.register.withoutUnderflow: key "epochs" is missing
          {weights: m4e3, activations: float, exclude: [last]} | {weights: 4, activations: 4} | the register m4e3(6)/m4e3(4) needs floating-point numbers
          """)
  void parse_oneMistake_isToldWithPlaceAndExpectation(
      String original, String mistake, String expected) {
    assertThat(FULL).contains(original);
    assertThatThrownBy(() -> Recipe.parse("r.yaml", FULL.replace(original, mistake)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(expected)
        .hasMessageStartingWith("r.yaml:");
  }
}
