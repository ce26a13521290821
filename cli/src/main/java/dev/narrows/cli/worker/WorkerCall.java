package dev.narrows.cli.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One line of a worker's input: what is called, and with what. */
record WorkerCall(JsonNode tree) {
  static WorkerCall parse(String line) {
    try {
      JsonNode tree = JsonMapper.shared().readTree(line);
      if (!tree.isObject()) {
        throw new CallException("a call is an object, got " + tree.getNodeType());
      }
      return new WorkerCall(tree);
    } catch (JacksonException e) {
      throw new CallException("a call is a line of JSON: " + e.getOriginalMessage());
    }
  }

  /** What is called. */
  String name() {
    return text("call");
  }

  /** A text that must be there. */
  String text(String key) {
    return optional(key)
        .orElseThrow(() -> new CallException("expected a text under \"" + key + "\""));
  }

  /** A text that may be missing. */
  Optional<String> optional(String key) {
    JsonNode value = tree.path(key);
    return value.isString() ? Optional.of(value.asString()) : Optional.empty();
  }

  /** A list of texts that must be there. */
  List<String> texts(String key) {
    JsonNode list = tree.path(key);
    List<String> texts = new ArrayList<>();
    for (JsonNode each : list) {
      if (!each.isString()) {
        throw new CallException("expected texts under \"" + key + "\"");
      }
      texts.add(each.asString());
    }
    if (!list.isArray()) {
      throw new CallException("expected a list under \"" + key + "\"");
    }
    return texts;
  }

  /** A whole number, or another one where it is missing. */
  long whole(String key, long otherwise) {
    return optionalWhole(key).orElse(otherwise);
  }

  /** A whole number, if it is there. */
  Optional<Long> optionalWhole(String key) {
    JsonNode value = tree.path(key);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (!value.canConvertToLong()) {
      throw new CallException("expected a whole number under \"" + key + "\"");
    }
    return Optional.of(value.asLong());
  }

  /** A number, if it is there. */
  Optional<Double> number(String key) {
    JsonNode value = tree.path(key);
    return value.isNumber() ? Optional.of(value.asDouble()) : Optional.empty();
  }

  /** Whether something is so; false where it is missing. */
  boolean truth(String key) {
    return tree.path(key).asBoolean(false);
  }
}
