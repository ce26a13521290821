package dev.narrows.experiments.input;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The pairs of a YAML mapping, in the order in which they were written. */
public final class YamlMap {
  private final YamlPlace place;
  private final Map<String, YamlValue> values;

  YamlMap(YamlPlace place, Map<String, YamlValue> values) {
    this.place = place;
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Where the mapping begins. */
  public YamlPlace place() {
    return place;
  }

  /** The keys, in the order in which they were written. */
  public Set<String> keys() {
    return values.keySet();
  }

  /** Refuses any key but these. */
  public YamlMap only(String... known) {
    for (Map.Entry<String, YamlValue> entry : values.entrySet()) {
      if (!List.of(known).contains(entry.getKey())) {
        throw entry
            .getValue()
            .place()
            .error("unknown key; known keys here: " + String.join(", ", known));
      }
    }
    return this;
  }

  /** The value of a key, if it is there. */
  public Optional<YamlValue> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** The value of a key that must be there. */
  public YamlValue require(String key) {
    return get(key).orElseThrow(() -> place.error("key \"" + key + "\" is missing"));
  }

  /** The value of a key, unless it is absent or the word {@code word} (such as {@code auto}). */
  public Optional<YamlValue> unless(String key, String word) {
    return get(key).filter(value -> !value.is(word));
  }

  /**
   * These pairs with another value under a dotted key, such as {@code quantization.weights}. What
   * is on the way there is made if it is absent or the word {@code none}.
   *
   * @throws BadInputException at the value's place, if something on the way has no keys
   */
  public YamlMap with(String key, YamlValue value) {
    int dot = key.indexOf('.');
    String name = dot < 0 ? key : key.substring(0, dot);
    Map<String, YamlValue> changed = new LinkedHashMap<>(values);
    changed.put(
        name, dot < 0 ? value : inner(name, value.place()).withIn(key.substring(dot + 1), value));
    return new YamlMap(place, changed);
  }

  private YamlValue withIn(String key, YamlValue value) {
    return new YamlValue.Mapping(place, with(key, value));
  }

  private YamlMap inner(String name, YamlPlace asked) {
    return switch (get(name).orElse(new YamlValue.Scalar(asked, "none"))) {
      case YamlValue.Mapping(YamlPlace p, YamlMap map) -> map;
      case YamlValue.Scalar scalar when scalar.is("none") -> new YamlMap(asked, Map.of());
      case YamlValue other ->
          throw asked.error(
              "\"%s\" has no keys: it stands at %s:%d"
                  .formatted(name, other.place().file(), other.place().line()));
    };
  }

  /** The value under a dotted key, if it is there. */
  public Optional<YamlValue> find(String key) {
    Optional<YamlValue> whole = get(key);
    int dot = key.indexOf('.');
    if (whole.isPresent() || dot < 0) {
      return whole;
    }
    return get(key.substring(0, dot))
        .flatMap(value ->
            value instanceof YamlValue.Mapping(YamlPlace p, YamlMap map)
                ? map.find(key.substring(dot + 1))
                : Optional.empty());
  }

  /** The same pairs with every single text replaced. */
  public YamlMap withTexts(UnaryOperator<YamlValue.Scalar> replacement) {
    Map<String, YamlValue> changed = new LinkedHashMap<>();
    values.forEach((key, value) -> changed.put(key, value.withTexts(replacement)));
    return new YamlMap(place, changed);
  }

  /** The pairs as they can be written in one line: {@code {keep: 8, group: 16}}. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue().shown())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** Every single value under its full key, such as {@code data.set}. */
  public Map<String, String> flatten() {
    Map<String, String> flat = new LinkedHashMap<>();
    values.values().forEach(value -> flatten(value, flat));
    return flat;
  }

  private static void flatten(YamlValue value, Map<String, String> flat) {
    switch (value) {
      case YamlValue.Scalar(YamlPlace place, String content) -> flat.put(place.key(), content);
      case YamlValue.Sequence(YamlPlace place, List<YamlValue> items) ->
          items.forEach(item -> flatten(item, flat));
      case YamlValue.Mapping(YamlPlace place, YamlMap map) ->
          map.values.values().forEach(inner -> flatten(inner, flat));
    }
  }
}
