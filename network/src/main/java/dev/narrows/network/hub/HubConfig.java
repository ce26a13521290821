package dev.narrows.network.hub;

import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** An object in JSON with typed keys; a key whose value is null counts as missing. */
public final class HubConfig {
  private final Path file;
  private final String prefix;
  private final JsonNode object;

  HubConfig(Path file, String prefix, JsonNode object) {
    this.file = file;
    this.prefix = prefix;
    this.object = object;
  }

  /**
   * Reads a file.
   *
   * @throws NetworkFileException if it is not an object in JSON
   */
  public static HubConfig read(Path file) throws IOException {
    return new HubConfig(file, "", HubJson.object(file));
  }

  /**
   * Reads a file that is a list of objects.
   *
   * @throws NetworkFileException if it is not
   */
  public static List<HubConfig> list(Path file) throws IOException {
    List<HubConfig> list = new ArrayList<>();
    for (JsonNode node : HubJson.list(file)) {
      if (!node.isObject()) {
        throw new NetworkFileException(
            file, "element " + list.size(), "expected an object, got " + shown(node));
      }
      list.add(new HubConfig(file, list.size() + ".", node));
    }
    return list;
  }

  /** The same from bytes that are there already. */
  static HubConfig of(Path file, byte[] bytes) throws NetworkFileException {
    return new HubConfig(file, "", HubJson.object(file, bytes));
  }

  /** What messages call the file. */
  public Path file() {
    return file;
  }

  private Optional<JsonNode> node(String key) {
    JsonNode node = object.path(key);
    return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  /** Whether it has a key with a value. */
  public boolean has(String key) {
    return node(key).isPresent();
  }

  /** A text, if it is given. */
  public Optional<String> text(String key) throws NetworkFileException {
    Optional<JsonNode> node = node(key);
    if (node.isPresent() && !node.get().isString()) {
      throw bad(key, "expected a text, got " + shown(node.get()));
    }
    return node.map(JsonNode::stringValue);
  }

  /** A truth, if it is given. */
  public Optional<Boolean> truth(String key) throws NetworkFileException {
    Optional<JsonNode> node = node(key);
    if (node.isPresent() && !node.get().isBoolean()) {
      throw bad(key, "expected true or false, got " + shown(node.get()));
    }
    return node.map(JsonNode::booleanValue);
  }

  /** A whole number that must be given. */
  public int whole(String key, int min, int max) throws NetworkFileException {
    Optional<Integer> whole = wholeIfGiven(key, min, max);
    if (whole.isEmpty()) {
      throw bad(key, "missing, expected a whole number in [%d, %d]".formatted(min, max));
    }
    return whole.get();
  }

  /** A whole number, if it is given. */
  public Optional<Integer> wholeIfGiven(String key, int min, int max) throws NetworkFileException {
    Optional<JsonNode> node = node(key);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(whole(key, node.get(), min, max));
  }

  private int whole(String key, JsonNode node, int min, int max) throws NetworkFileException {
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < min
        || node.intValue() > max) {
      throw bad(
          key, "expected a whole number in [%d, %d], got %s".formatted(min, max, shown(node)));
    }
    return node.intValue();
  }

  /** A whole number, or the first of a list of them, if it is given. */
  public Optional<Integer> firstWhole(String key, int min, int max) throws NetworkFileException {
    Optional<JsonNode> node = node(key);
    if (node.isPresent() && node.get().isArray() && !node.get().isEmpty()) {
      return Optional.of(whole(key, node.get().get(0), min, max));
    }
    return wholeIfGiven(key, min, max);
  }

  /** A finite real number in binary32, if it is given. */
  public Optional<Float> real(String key) throws NetworkFileException {
    Optional<JsonNode> node = node(key);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    float value = node.get().isNumber() ? (float) node.get().doubleValue() : Float.NaN;
    if (!Float.isFinite(value)) {
      throw bad(key, "expected a number of binary32, got " + shown(node.get()));
    }
    return Optional.of(value);
  }

  /** A positive real number that must be given. */
  public float positive(String key) throws NetworkFileException {
    Optional<Float> value = real(key);
    if (value.isEmpty() || !(value.get() > 0)) {
      throw bad(key, "must be a positive number, got " + value.map(String::valueOf).orElse("none"));
    }
    return value.get();
  }

  /** An object inside, if it is given. */
  public Optional<HubConfig> inside(String key) throws NetworkFileException {
    Optional<JsonNode> node = node(key);
    if (node.isPresent() && !node.get().isObject()) {
      throw bad(key, "expected an object, got " + shown(node.get()));
    }
    return node.map(found -> new HubConfig(file, prefix + key + ".", found));
  }

  /** Refuses what the value of a key says. */
  public NetworkFileException bad(String key, String problem) {
    return new NetworkFileException(file, "key \"" + prefix + key + '"', problem);
  }

  /** At most the beginning of a value, for messages. */
  static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
