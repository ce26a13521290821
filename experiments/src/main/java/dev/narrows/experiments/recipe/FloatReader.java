package dev.narrows.experiments.recipe;

import dev.narrows.core.dot.GradientMask;
import dev.narrows.experiments.input.YamlMap;
import dev.narrows.experiments.input.YamlValue;
import dev.narrows.experiments.recipe.FloatNumbers.SmallFloat;
import dev.narrows.experiments.recipe.IntegerNumbers.Excluded;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/** The parts of a recipe that are about floating-point numbers and registers. */
final class FloatReader {
  private FloatReader() {}

  /** Whether {@code quantization} asks for floating-point numbers. */
  static boolean asks(YamlValue quantization) {
    return quantization.is(FloatNumbers.BINARY32)
        || quantization instanceof YamlValue.Mapping
            && quantization
                .map()
                .get("weights")
                .filter(v -> v.is(FloatNumbers.BINARY32) || v.text().startsWith("m"))
                .isPresent();
  }

  static FloatNumbers numbers(YamlValue value) {
    if (value.is(FloatNumbers.BINARY32)) {
      return new FloatNumbers(Optional.empty(), Optional.empty(), Set.of());
    }
    YamlMap map = value.map().only("weights", "activations", "exclude");
    Set<Excluded> exclude = EnumSet.noneOf(Excluded.class);
    map.get("exclude").ifPresent(v -> exclude.addAll(v.items(item -> item.choice(Excluded.class))));
    return new FloatNumbers(format(map, "weights"), format(map, "activations"), exclude);
  }

  private static Optional<SmallFloat> format(YamlMap map, String key) {
    YamlValue value = map.require(key);
    return value.is(FloatNumbers.BINARY32)
        ? Optional.empty()
        : Optional.of(value.parsed(SmallFloat::parse));
  }

  /**
   * The keys {@code gradient}, {@code epsilon} and {@code withoutUnderflow} of the register phase.
   *
   * @param phase reads a phase
   */
  static FloatTraining training(YamlMap map, Function<YamlValue, Phase> phase) {
    Set<GradientMask> masks =
        map.get("gradient").map(v -> v.parsed(GradientMask::parse)).orElse(Set.of());
    Optional<YamlValue> epsilon = map.unless("epsilon", "auto");
    if (epsilon.isPresent() && !masks.contains(GradientMask.IMMEDIATE_DIFF)) {
      throw epsilon.get().place().error("belongs to the gradient immediate/diff");
    }
    return new FloatTraining(
        masks,
        epsilon.map(v -> OptionalDouble.of(v.number(0, 1))).orElseGet(OptionalDouble::empty),
        map.unless("withoutUnderflow", "none").map(phase));
  }
}
