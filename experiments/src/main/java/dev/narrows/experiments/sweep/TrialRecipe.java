package dev.narrows.experiments.sweep;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.experiments.input.YamlMap;
import dev.narrows.experiments.input.YamlValue;
import dev.narrows.experiments.recipe.FloatNumbers;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.recipe.RegisterOperands;
import dev.narrows.experiments.run.TrainingRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The recipe of one point of the grid: the base, with what the method sets and what the grid sets.
 *
 * <p>A grid key with a capital first letter is a variable. {@code $P}, {@code ${P}} or {@code
 * ${P+2}} in what a method sets stands for its value; so does {@code ${quantization.weights}} for
 * that of another key of the recipe. In the texts of accumulators {@code $P} is the variable or
 * else the width that the recipe constrains or trains through.
 */
final class TrialRecipe {
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$(?:([A-Za-z]\\w*)|\\{([A-Za-z][\\w.]*)([+-]\\d{1,4})?})");
  private static final List<String> WIDTHS =
      List.of("quantization.constraint.bits", "phases.register.accumulator");

  private final String label;
  private final Map<String, YamlValue> point;
  private final Set<String> used = new LinkedHashSet<>();
  private final YamlMap resolved;

  TrialRecipe(
      YamlMap base, String label, Map<String, YamlValue> point, Map<String, YamlValue> set) {
    this.label = label;
    this.point = point;
    YamlMap map = base;
    for (Map.Entry<String, YamlValue> entry : set.entrySet()) {
      map = map.with(entry.getKey(), entry.getValue());
    }
    for (Map.Entry<String, YamlValue> entry : point.entrySet()) {
      if (!variable(entry.getKey())) {
        map = map.with(entry.getKey(), entry.getValue());
      }
    }
    YamlMap whole = map;
    this.resolved = map.withTexts(text -> replaced(text, name -> value(whole, name, text)));
  }

  /** Whether a grid key is a variable. */
  static boolean variable(String key) {
    return Character.isUpperCase(key.charAt(0));
  }

  private String value(YamlMap map, String name, YamlValue.Scalar text) {
    YamlValue own = point.get(name);
    if (own != null) {
      used.add(name);
      return own.text();
    }
    return map.find(name)
        .filter(found -> found instanceof YamlValue.Scalar other && !other.content().contains("$"))
        .map(YamlValue::text)
        .orElseThrow(() -> unknown(name, text));
  }

  private RuntimeException unknown(String name, YamlValue.Scalar text) {
    return text.place()
        .error(
            "nothing gives a value for \"%s\" here; the grid has %s"
                .formatted(name, point.keySet()));
  }

  private interface Lookup {
    String value(String name);
  }

  private static YamlValue.Scalar replaced(YamlValue.Scalar scalar, Lookup lookup) {
    Matcher matcher = PLACEHOLDER.matcher(scalar.content());
    return new YamlValue.Scalar(
        scalar.place(),
        matcher.replaceAll(found -> Matcher.quoteReplacement(replacement(scalar, found, lookup))));
  }

  private static String replacement(YamlValue.Scalar scalar, MatchResult found, Lookup lookup) {
    String name = Optional.ofNullable(found.group(1)).orElseGet(() -> found.group(2));
    String value = lookup.value(name);
    String shift = found.group(3);
    if (shift == null) {
      return value;
    }
    if (!value.matches("-?\\d{1,9}")) {
      throw scalar
          .place()
          .error("\"%s\" is not a whole number, so nothing can be added to it".formatted(value));
    }
    return Long.toString(Long.parseLong(value) + Long.parseLong(shift));
  }

  /**
   * The trial, evaluated in these registers.
   *
   * @param beside the folder that paths of own data and of a model's file may be relative to
   */
  PlannedTrial planned(List<YamlValue> texts, Path beside) {
    DataRoots roots = DataRoots.ofProcess(Optional.empty());
    Recipe recipe = new TrainingRun(Recipe.of(resolved), beside, roots).pinned().recipe();
    Recipe unnamed = recipe.withName("trial").withoutCheckpointing();
    if (unnamed.data().validation().orElse(1) == 0) {
      throw resolved
          .require("data")
          .place()
          .error("a sweep chooses on validation images: validation must be at least 1");
    }
    String hash = hash(unnamed.toYaml());
    // before accumulators are read: an evaluation in other registers is no other training
    Map<String, String> keys = new LinkedHashMap<>();
    point.forEach((key, value) -> {
      if (!key.equals("seed") && (!variable(key) || used.contains(key))) {
        keys.put(key, value.shown());
      }
    });
    Set<Summation> accumulators = new LinkedHashSet<>();
    for (YamlValue text : texts) {
      if (!(text instanceof YamlValue.Scalar scalar)) {
        throw text.place().error("expected an accumulator such as int12:saturate:sorted");
      }
      List<Summation> named =
          replaced(scalar, reference -> width(reference, scalar)).parsed(Summation::parseWidths);
      boolean floats = unnamed.numbers() instanceof FloatNumbers;
      named.forEach(one -> RegisterOperands.require(floats, one, scalar));
      accumulators.addAll(named);
    }
    accumulators.remove(Summation.exact());
    return new PlannedTrial(
        label, keys, hash, recipe.withName(folder(keys, unnamed, hash)), List.copyOf(accumulators));
  }

  /** The variables that the recipe and, once planned, the accumulators ask for. */
  Set<String> referenced() {
    return Set.copyOf(used);
  }

  private String width(String name, YamlValue.Scalar text) {
    if (name.equals("P") && !point.containsKey("P")) {
      return WIDTHS.stream()
          .flatMap(key -> resolved.find(key).stream())
          .filter(value -> value instanceof YamlValue.Scalar)
          .map(value -> bits(value.text()))
          .findFirst()
          .orElseThrow(() -> unknown("P", text));
    }
    return value(resolved, name, text);
  }

  /** The width of an integer register, or a width as it is. */
  private static String bits(String text) {
    try {
      Accumulator accumulator = Summation.parse(text).accumulator();
      return accumulator.takesFloats() ? text : Integer.toString(accumulator.bits());
    } catch (IllegalArgumentException width) {
      return text;
    }
  }

  private String folder(Map<String, String> keys, Recipe recipe, String hash) {
    StringBuilder name = new StringBuilder(slug(label));
    keys.forEach((key, value) ->
        name.append('-').append(slug(key.substring(key.lastIndexOf('.') + 1) + value)));
    name.append("-seed").append(recipe.seed());
    return name.substring(0, Math.min(name.length(), 80)) + "-" + hash;
  }

  static String slug(String text) {
    String plain =
        text.replace("+", "plus").replaceAll("[^A-Za-z0-9.]+", "_").replaceAll("^[_.]+|_+$", "");
    return plain.isEmpty() ? "trial" : plain;
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
