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
    ObjectNode tree = MAPPER.createObjectNode().put("schema", result.schema());
    tree.setAll((ObjectNode) MAPPER.valueToTree(result));
    return pretty(tree);
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
    return read(name, json, "narrows/evaluation/", 1, EvaluationResult.class);
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
      String problem = e.getOriginalMessage().strip().replaceAll("\\s+", " ");
      throw new IllegalArgumentException(name + ": not a " + kind + version + ": " + problem, e);
    }
  }
}
