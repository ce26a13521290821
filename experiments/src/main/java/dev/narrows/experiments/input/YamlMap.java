package dev.narrows.experiments.input;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The pairs of a YAML mapping, in the order in which they were written. */
public final class YamlMap {
  private final Place place;
  private final Map<String, YamlValue> values;

  YamlMap(Place place, Map<String, YamlValue> values) {
    this.place = place;
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Where the mapping begins. */
  public Place place() {
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

  /** Every single value under its full key, such as {@code data.set}. */
  public Map<String, String> flatten() {
    Map<String, String> flat = new LinkedHashMap<>();
    values.values().forEach(value -> flatten(value, flat));
    return flat;
  }

  private static void flatten(YamlValue value, Map<String, String> flat) {
    switch (value) {
      case YamlValue.Scalar(Place place, String content) -> flat.put(place.key(), content);
      case YamlValue.Sequence(Place place, List<YamlValue> items) ->
          items.forEach(item -> flatten(item, flat));
      case YamlValue.Mapping(Place place, YamlMap map) ->
          map.values.values().forEach(inner -> flatten(inner, flat));
    }
  }
}
