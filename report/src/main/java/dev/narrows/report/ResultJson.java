package dev.narrows.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Results as JSON: keys are named as the records' components, absent values are left out. */
public final class ResultJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(value ->
              value
                  .withValueInclusion(JsonInclude.Include.NON_ABSENT)
                  .withContentInclusion(JsonInclude.Include.ALWAYS))
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // later writers add keys
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private ResultJson() {}

  /** The JSON of a result, {@code schema} first, indented, ending in a line feed. */
  public static String write(Result result) {
    return pretty(tree(result));
  }

  /** The JSON of one trial of a sweep: {@code narrows/trial/1}. */
  public static String write(SweepTrial trial) {
    ObjectNode tree = MAPPER.createObjectNode().put("schema", "narrows/trial/1");
    tree.setAll((ObjectNode) MAPPER.valueToTree(trial));
    return pretty(tree);
  }

  /**
   * Reads one trial of a sweep; keys it does not know are ignored.
   *
   * @param name what errors call the text
   * @throws IllegalArgumentException in one line, as {@link #readEvaluation}
   */
  public static SweepTrial readTrial(String name, String json) {
    return read(name, json, "narrows/trial/", 1, SweepTrial.class);
  }

  /** What {@link #write(Result)} writes, as a tree. */
  public static JsonNode tree(Result result) {
    ObjectNode tree = MAPPER.createObjectNode().put("schema", result.schema());
    tree.setAll((ObjectNode) MAPPER.valueToTree(result));
    return tree;
  }

  /** Any record, list or map of this project's as a tree, in the same conventions. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** Plain keys and values as JSON, in the map's order. */
  public static String write(Map<String, ?> values) {
    return pretty(MAPPER.valueToTree(values));
  }

  private static String pretty(JsonNode tree) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
  }

  /**
   * Reads a stored evaluation; keys it does not know are ignored.
   *
   * @param name what errors call the text
   * @throws IllegalArgumentException in one line: not JSON, another schema, a newer version, a
   *     missing key
   */
  public static EvaluationResult readEvaluation(String name, String json) {
    return read(
        name,
        json,
        ResultKind.EVALUATION.prefix(),
        ResultKind.EVALUATION.version(),
        EvaluationResult.class);
  }

  /**
   * Reads a stored result of any kind but a listing; keys it does not know are ignored.
   *
   * @param name what errors call the text
   * @throws IllegalArgumentException in one line, as {@link #readEvaluation}
   */
  public static Result read(String name, String json) {
    String schema = schema(name, json);
    ResultKind kind =
        ResultKind.stored(schema)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "%s: expected %s, found schema \"%s\""
                        .formatted(name, ResultKind.expected(), schema)));
    return read(name, json, kind.prefix(), kind.version(), kind.type());
  }

  /** Whether {@link #read} knows this kind of result, whatever its version. */
  public static boolean readable(String schema) {
    return ResultKind.stored(schema).isPresent();
  }

  /**
   * The {@code schema} of a JSON text, empty where it has none.
   *
   * @throws IllegalArgumentException in one line if it is not JSON
   */
  public static String schema(String name, String json) {
    try {
      return MAPPER.readTree(json).path("schema").asString("");
    } catch (JacksonException e) {
      throw new IllegalArgumentException(name + ": not JSON: " + oneLine(e), e);
    }
  }

  /**
   * A JSON object's keys and values: numbers, texts, lists and maps.
   *
   * @throws IllegalArgumentException in one line if it is not a JSON object
   */
  @SuppressWarnings("unchecked") // an object's keys are texts
  public static Map<String, Object> readMap(String name, String json) {
    try {
      return MAPPER.readValue(json, Map.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(name + ": not a JSON object: " + oneLine(e), e);
    }
  }

  private static String oneLine(JacksonException e) {
    return e.getOriginalMessage().strip().replaceAll("\\s+", " ");
  }

  private static <T> T read(String name, String json, String kind, int version, Class<T> type) {
    try {
      JsonNode tree = MAPPER.readTree(json);
      String schema = tree.path("schema").asString("");
      if (!schema.equals(kind + version)) {
        boolean newer =
            schema.matches(java.util.regex.Pattern.quote(kind) + "\\d{1,6}")
                && Integer.parseInt(schema.substring(kind.length())) > version;
        throw new IllegalArgumentException(
            name
                + ": expected schema "
                + kind
                + version
                + (newer
                    ? ", this file was written by a newer version of Narrows (" + schema + ")"
                    : ", found \"" + schema + "\""));
      }
      return MAPPER.treeToValue(tree, type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(name + ": not a " + kind + version + ": " + oneLine(e), e);
    }
  }
}
