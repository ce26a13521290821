package dev.narrows.experiments.sweep;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.input.YamlFile;
import dev.narrows.experiments.input.YamlMap;
import dev.narrows.experiments.input.YamlPlace;
import dev.narrows.experiments.input.YamlValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns YAML into a {@link Sweep}. */
final class SweepReader {
  private static final int MOST_TRIALS = 10_000;
  private static final String METHOD = "method";

  private final YamlMap document;
  private final String name;
  private final YamlMap base;
  private final Map<String, List<YamlValue>> grid = new LinkedHashMap<>();
  private final List<Method> methods;
  private final List<YamlValue> accumulators;
  private final List<YamlMap> excluded;

  /** A label and what it sets, by dotted key. */
  private record Method(String label, Map<String, YamlValue> set) {}

  private SweepReader(Path file, YamlMap document) {
    this.document = document.only("name", "base", "grid", "methods", "accumulators", "exclude");
    this.name = document.get("name").map(YamlValue::name).orElseGet(() -> nameOf(file));
    this.base = base(file, document.require("base"));
    document
        .get("grid")
        .map(YamlValue::map)
        .ifPresent(map -> map.keys().forEach(key -> grid.put(key, values(map.require(key)))));
    this.methods =
        document
            .get("methods")
            .map(SweepReader::methods)
            .orElse(List.of(new Method("base", Map.of())));
    this.accumulators =
        document.get("accumulators").map(v -> v.items(item -> item)).orElse(List.of());
    this.excluded = document.get("exclude").map(v -> v.items(YamlValue::map)).orElse(List.of());
    excluded.forEach(this::checkExclusion);
  }

  static Sweep read(Path file) {
    SweepReader reader = new SweepReader(file, YamlFile.read(file));
    Path folder = file.toAbsolutePath().normalize().resolveSibling("");
    Path beside =
        reader.document.require("base") instanceof YamlValue.Scalar path
            ? folder.resolve(path.text()).normalize().resolveSibling("")
            : folder;
    try {
      return new Sweep(reader.name, beside, Files.readString(file), reader.trials(beside));
    } catch (IOException e) {
      throw new BadInputException(file + ": cannot be read (" + e + ")", e);
    }
  }

  private static String nameOf(Path file) {
    String name = Optional.ofNullable(file.getFileName()).map(Path::toString).orElse("sweep");
    return TrialRecipe.slug(name.replaceFirst("\\.ya?ml$", ""));
  }

  private static YamlMap base(Path file, YamlValue value) {
    if (value instanceof YamlValue.Scalar) {
      Path recipe = file.toAbsolutePath().resolveSibling(value.text()).normalize();
      if (!Files.isRegularFile(recipe)) {
        throw value
            .place()
            .error("expected a recipe or the path of one beside this file; there is no " + recipe);
      }
      return YamlFile.read(recipe);
    }
    return value.map();
  }

  private static List<YamlValue> values(YamlValue value) {
    List<YamlValue> values = value.items(item -> item);
    if (values.isEmpty()) {
      throw value.place().error("expected at least one value");
    }
    return values;
  }

  private static List<Method> methods(YamlValue value) {
    Set<String> labels = new LinkedHashSet<>();
    List<Method> methods =
        value.items(item -> {
          YamlMap map = item.map().only("label", "set");
          YamlValue label = map.require("label");
          if (!labels.add(label.text())) {
            throw label.place().error("another method has this label already");
          }
          Map<String, YamlValue> set = new LinkedHashMap<>();
          map.get("set")
              .map(YamlValue::map)
              .ifPresent(keys -> keys.keys().forEach(key -> set.put(key, keys.require(key))));
          return new Method(label.text(), set);
        });
    if (methods.isEmpty()) {
      throw value.place().error("expected at least one method, each with a label");
    }
    return methods;
  }

  private void checkExclusion(YamlMap map) {
    for (String key : map.keys()) {
      YamlValue value = map.require(key);
      List<String> known;
      if (key.equals(METHOD)) {
        known = methods.stream().map(Method::label).toList();
      } else if (grid.containsKey(key)) {
        known = grid.getOrDefault(key, List.of()).stream().map(YamlValue::shown).toList();
      } else {
        throw value
            .place()
            .error("expected \"method\" or a key of the grid: " + String.join(", ", grid.keySet()));
      }
      for (String asked : alternatives(value)) {
        if (!known.contains(asked)) {
          throw value.place().error("\"%s\" never occurs; there are %s".formatted(asked, known));
        }
      }
    }
  }

  /** A list in an exclusion is read as alternatives, so it excludes no list of the grid. */
  private static List<String> alternatives(YamlValue value) {
    return value instanceof YamlValue.Sequence(YamlPlace p, List<YamlValue> items)
        ? items.stream().map(YamlValue::shown).toList()
        : List.of(value.shown());
  }

  private List<PlannedTrial> trials(Path beside) {
    long combinations = methods.size();
    for (List<YamlValue> values : grid.values()) {
      combinations = Math.min(combinations * values.size(), MOST_TRIALS + 1);
    }
    if (combinations > MOST_TRIALS) {
      throw document.place().error("more than " + MOST_TRIALS + " trials");
    }
    Map<String, PlannedTrial> byHash = new LinkedHashMap<>();
    Set<String> referenced = new HashSet<>();
    for (Method method : methods) {
      for (Map<String, YamlValue> point : points()) {
        if (excluded.stream().noneMatch(rule -> matches(rule, method, point))) {
          TrialRecipe recipe = new TrialRecipe(base, method.label(), point, method.set());
          PlannedTrial trial = recipe.planned(accumulators, beside);
          referenced.addAll(recipe.referenced());
          byHash.merge(trial.hash(), trial, this::both);
        }
      }
    }
    if (byHash.isEmpty()) {
      throw document.place().error("no trial is left; everything is excluded");
    }
    grid.forEach((key, values) -> {
      if (TrialRecipe.variable(key) && !referenced.contains(key)) {
        throw values
            .getFirst()
            .place()
            .error(
                "nothing uses the variable \"%s\"; a method or an accumulator would say $%s"
                    .formatted(key, key));
      }
    });
    return List.copyOf(byHash.values());
  }

  /** A method that does not use a variable of the grid is one trial, seen in all its registers. */
  private PlannedTrial both(PlannedTrial first, PlannedTrial second) {
    if (!first.label().equals(second.label()) || !first.keys().equals(second.keys())) {
      throw document
          .place()
          .error(
              "\"%s\" and \"%s\" are the same training".formatted(first.title(), second.title()));
    }
    Set<dev.narrows.core.dot.Summation> all = new LinkedHashSet<>(first.accumulators());
    all.addAll(second.accumulators());
    return new PlannedTrial(
        first.label(), first.keys(), first.hash(), first.recipe(), List.copyOf(all));
  }

  private static boolean matches(YamlMap rule, Method method, Map<String, YamlValue> point) {
    return rule.keys().stream()
        .allMatch(key -> {
          YamlValue value = point.get(key);
          String own = value == null ? method.label() : value.shown();
          return alternatives(rule.require(key)).contains(own);
        });
  }

  /** Every point of the grid, the last key fastest. */
  private List<Map<String, YamlValue>> points() {
    List<Map<String, YamlValue>> points = List.of(Map.of());
    for (Map.Entry<String, List<YamlValue>> axis : grid.entrySet()) {
      List<Map<String, YamlValue>> longer = new ArrayList<>();
      for (Map<String, YamlValue> point : points) {
        for (YamlValue value : axis.getValue()) {
          Map<String, YamlValue> next = new LinkedHashMap<>(point);
          next.put(axis.getKey(), value);
          longer.add(next);
        }
      }
      points = longer;
    }
    return points;
  }
}
