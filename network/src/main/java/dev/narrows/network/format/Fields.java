package dev.narrows.network.format;

import dev.narrows.network.NetworkFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A JSON object read strictly: every key once, of the right kind, and none left over. */
final class Fields {
  private final Path file;
  private final String place;
  private final JsonNode node;
  private final Set<String> taken = new HashSet<>();

  Fields(Path file, String place, JsonNode node) throws NetworkFileException {
    this.file = file;
    this.place = place;
    this.node = node;
    if (!node.isObject()) {
      throw bad("expected a JSON object");
    }
  }

  boolean has(String key) {
    return node.has(key);
  }

  String text(String key) throws NetworkFileException {
    JsonNode value = value(key);
    if (!value.isString()) {
      throw bad("\"" + key + "\" must be a text");
    }
    return value.stringValue();
  }

  int integer(String key) throws NetworkFileException {
    return integer(key, value(key));
  }

  double number(String key) throws NetworkFileException {
    JsonNode value = value(key);
    if (!value.isNumber()) {
      throw bad("\"" + key + "\" must be a number");
    }
    return value.doubleValue();
  }

  boolean flag(String key) throws NetworkFileException {
    JsonNode value = value(key);
    if (!value.isBoolean()) {
      throw bad("\"" + key + "\" must be true or false");
    }
    return value.booleanValue();
  }

  /** The value that a word names. */
  <E extends Enum<E>> E choice(String key, E[] values) throws NetworkFileException {
    String word = text(key);
    for (E value : values) {
      if (value.toString().equals(word)) {
        return value;
      }
    }
    throw bad("unknown %s \"%s\"".formatted(key, word));
  }

  int[] integers(String key) throws NetworkFileException {
    JsonNode value = value(key);
    if (!value.isArray() || value.isEmpty()) {
      throw bad("\"%s\" must be a list of whole numbers".formatted(key));
    }
    return integers(key, value.size());
  }

  int[] integers(String key, int count) throws NetworkFileException {
    JsonNode value = value(key);
    if (!value.isArray() || value.size() != count) {
      throw bad("\"%s\" must be a list of %d whole numbers".formatted(key, count));
    }
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = integer(key, value.get(i));
    }
    return values;
  }

  Fields object(String key) throws NetworkFileException {
    return new Fields(file, place + "." + key, value(key));
  }

  List<Fields> objects(String key) throws NetworkFileException {
    JsonNode value = value(key);
    if (!value.isArray()) {
      throw bad("\"" + key + "\" must be a list");
    }
    List<Fields> objects = new ArrayList<>();
    for (JsonNode element : value) {
      objects.add(new Fields(file, key + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  Map<String, String> texts(String key) throws NetworkFileException {
    Fields object = object(key);
    Map<String, String> texts = new LinkedHashMap<>();
    for (String name : object.node.propertyNames()) {
      texts.put(name, object.text(name));
    }
    return texts;
  }

  /** Refuses keys that nobody asked for. */
  void end() throws NetworkFileException {
    for (String key : node.propertyNames()) {
      if (!taken.contains(key)) {
        throw bad("unknown key \"" + key + "\"");
      }
    }
  }

  NetworkFileException bad(String problem) {
    return new NetworkFileException(file, place, problem);
  }

  NetworkFileException bad(RuntimeException cause) {
    return new NetworkFileException(file, place, String.valueOf(cause.getMessage()), cause);
  }

  private int integer(String key, JsonNode value) throws NetworkFileException {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw bad("\"" + key + "\" must be a whole number of 32 bits, got " + value);
    }
    return value.intValue();
  }

  private JsonNode value(String key) throws NetworkFileException {
    taken.add(key);
    JsonNode value = node.get(key);
    if (value == null) {
      throw bad("missing key \"" + key + "\"");
    }
    return value;
  }
}
