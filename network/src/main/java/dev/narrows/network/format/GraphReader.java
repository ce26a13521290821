package dev.narrows.network.format;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.safetensors.SafetensorsFile;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A network from its graph in JSON and the tensors of its file. */
final class GraphReader {
  static final String GRAPH = "network";
  static final String SCHEMA = "narrows/network/";

  /** The newest version; 2 added real numbers. */
  static final int VERSION = 2;

  private static final int MAX_GRAPH = 1 << 24;
  private static final Pattern SCHEMA_TEXT = Pattern.compile(SCHEMA + "(\\d{1,9})");
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(8)
                          .maxNumberLength(40)
                          .maxStringLength(1 << 20)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;
  private final LayerTensors tensors;

  GraphReader(Path file, SafetensorsFile tensors) {
    this.file = file;
    this.tensors = new LayerTensors(file, tensors);
  }

  Network read(String graph) throws IOException {
    if (graph.length() > MAX_GRAPH) {
      throw new NetworkFileException(
          file, "graph", "longer than %d characters".formatted(MAX_GRAPH));
    }
    JsonNode root;
    try {
      root = JSON.readTree(graph);
    } catch (JacksonException e) {
      throw new NetworkFileException(file, "graph", "not valid JSON: " + e.getOriginalMessage(), e);
    }
    Fields fields = new Fields(file, "graph", root);
    requireVersion(fields);
    String name = fields.text("name");
    TensorType input = TypeCodec.read(fields.object("input"));
    Map<String, String> metadata = fields.texts("metadata");
    List<Layer> layers = new ArrayList<>();
    for (Fields layer : fields.objects("layers")) {
      layers.add(layer(layer));
    }
    fields.end();
    tensors.requireAllRead();
    try {
      return new Network(name, input, layers, metadata);
    } catch (IllegalArgumentException e) {
      throw fields.bad(e);
    }
  }

  private static void requireVersion(Fields fields) throws NetworkFileException {
    String schema = fields.text("schema");
    Matcher matcher = SCHEMA_TEXT.matcher(schema);
    if (!matcher.matches()) {
      throw fields.bad(
          "\"schema\" must be \"%s%d\", got \"%s\"".formatted(SCHEMA, VERSION, schema));
    }
    int version = Integer.parseInt(matcher.group(1));
    if (version < 1 || version > VERSION) {
      throw fields.bad(
          "\"schema\" is \"%s\", of another version of Narrows; this one reads \"%s1\" to \"%s%d\""
              .formatted(schema, SCHEMA, SCHEMA, VERSION));
    }
  }

  private Layer layer(Fields fields) throws IOException {
    String name = fields.text("name");
    String kind = fields.text("kind");
    TensorType output = TypeCodec.read(fields.object("output"));
    LayerCodec<?> codec =
        LayerCodecs.named(kind, output)
            .orElseThrow(() -> fields.bad("unknown kind of layer \"" + kind + "\""));
    int[] inputs =
        codec.inputs() == LayerCodec.ANY
            ? fields.integers("inputs")
            : fields.integers("inputs", codec.inputs());
    try {
      Layer layer =
          codec.reader().read(new LayerFields(fields, tensors, name, kind, inputs, output));
      fields.end();
      return layer;
    } catch (IllegalArgumentException e) {
      throw fields.bad(e);
    }
  }
}
