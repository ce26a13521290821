package dev.narrows.network.safetensors;

import dev.narrows.network.NetworkFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON header, checked against the size of the data that follows it. */
final class HeaderParser {
  private static final int MAX_DIMENSIONS = 16;
  private static final Set<String> ENTRY_KEYS = Set.of("dtype", "shape", "data_offsets");
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(4)
                          .maxNameLength(4096)
                          .maxNumberLength(20)
                          .maxStringLength(SafetensorsFile.MAX_HEADER)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;
  private final long dataBytes;
  private final Map<String, SafetensorsEntry> entries = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private HeaderParser(Path file, long dataBytes) {
    this.file = file;
    this.dataBytes = dataBytes;
  }

  /** Refuses a file that is too short to state the length of its header. */
  static void requireLength(Path file, long size) throws NetworkFileException {
    if (size < 10) {
      throw new NetworkFileException(
          file, "header", "a safetensors file has at least 10 bytes, got " + size);
    }
  }

  /**
   * A parser of a header of {@code length} bytes in a file of {@code size}.
   *
   * @throws NetworkFileException if the file cannot have such a header
   */
  static HeaderParser of(Path file, long size, long length) throws NetworkFileException {
    long most = Math.min(SafetensorsFile.MAX_HEADER, size - 8);
    if (length < 2 || length > most) {
      throw new NetworkFileException(
          file,
          "header length",
          "must be in [2, %d] for a file of %d bytes, got %s"
              .formatted(most, size, Long.toUnsignedString(length)));
    }
    return new HeaderParser(file, size - 8 - length);
  }

  Map<String, SafetensorsEntry> entries() {
    return entries;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  void parse(byte[] header) throws NetworkFileException {
    if (header[0] != '{') {
      throw bad("header", "must start with '{'");
    }
    JsonNode root;
    try {
      root = JSON.readTree(header);
    } catch (JacksonException e) {
      throw new NetworkFileException(
          file, "header", "not valid JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.isObject()) {
      throw bad("header", "expected a JSON object");
    }
    for (Map.Entry<String, JsonNode> property : root.properties()) {
      if (property.getKey().equals("__metadata__")) {
        readMetadata(property.getValue());
      } else {
        entries.put(property.getKey(), entry(property.getKey(), property.getValue()));
      }
    }
    requireContiguous();
  }

  private void readMetadata(JsonNode node) throws NetworkFileException {
    if (!node.isObject()) {
      throw bad("__metadata__", "expected an object of texts");
    }
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      if (!property.getValue().isString()) {
        throw bad("__metadata__ key \"" + property.getKey() + "\"", "expected a text");
      }
      metadata.put(property.getKey(), property.getValue().stringValue());
    }
  }

  private SafetensorsEntry entry(String name, JsonNode node) throws NetworkFileException {
    String place = "tensor \"" + name + "\"";
    if (!node.isObject() || !node.propertyNames().equals(ENTRY_KEYS)) {
      throw bad(place, "expected an object with dtype, shape and data_offsets");
    }
    String dtype = node.path("dtype").asString("");
    SafetensorsType type =
        SafetensorsType.named(dtype)
            .orElseThrow(() ->
                bad(
                    place,
                    "expected a dtype of "
                        + List.of(SafetensorsType.values())
                        + ", got \""
                        + dtype
                        + "\""));
    List<Long> sizes = whole(place + " shape", node.path("shape"), MAX_DIMENSIONS);
    List<Integer> shape = new ArrayList<>();
    // a tensor with a size of 0 has no elements, whatever the other sizes are
    long bytes = sizes.contains(0L) ? 0 : type.bytes();
    for (long size : sizes) {
      if (size > Integer.MAX_VALUE || bytes > 0 && bytes > dataBytes / size) {
        throw bad(place, "shape needs more bytes than the file's " + dataBytes + " of data");
      }
      bytes *= size;
      shape.add((int) size);
    }
    List<Long> offsets = whole(place + " data_offsets", node.path("data_offsets"), 2);
    if (offsets.size() != 2
        || offsets.get(0) > offsets.get(1)
        || offsets.get(1) > dataBytes
        || offsets.get(1) - offsets.get(0) != bytes) {
      throw bad(
          place,
          "data_offsets must span the %d bytes of %s %s inside the file's %d bytes of data, got %s"
              .formatted(bytes, type, shape, dataBytes, offsets));
    }
    if (bytes / type.bytes() > Integer.MAX_VALUE - 8) {
      throw bad(place, "more than 2^31 - 9 elements");
    }
    return new SafetensorsEntry(name, type, shape, offsets.get(0), offsets.get(1));
  }

  private List<Long> whole(String place, JsonNode node, int most) throws NetworkFileException {
    if (!node.isArray() || node.size() > most) {
      throw bad(place, "expected a list of at most " + most + " whole numbers");
    }
    List<Long> numbers = new ArrayList<>();
    for (JsonNode number : node) {
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
        throw bad(place, "expected whole numbers from 0, got " + number);
      }
      numbers.add(number.longValue());
    }
    return numbers;
  }

  /** The format allows neither overlaps nor holes: nothing can hide between tensors. */
  private void requireContiguous() throws NetworkFileException {
    List<SafetensorsEntry> sorted = new ArrayList<>(entries.values());
    sorted.sort(
        Comparator.comparingLong(SafetensorsEntry::begin).thenComparingLong(SafetensorsEntry::end));
    long next = 0;
    for (SafetensorsEntry entry : sorted) {
      if (entry.begin() != next) {
        throw bad(
            "tensor \"" + entry.name() + "\"",
            "data must start at byte %d, right behind the tensor before it, got %d"
                .formatted(next, entry.begin()));
      }
      next = entry.end();
    }
    if (next != dataBytes) {
      throw bad("data", "tensors end at byte %d, but the file has %d".formatted(next, dataBytes));
    }
  }

  private NetworkFileException bad(String place, String problem) {
    return new NetworkFileException(file, place, problem);
  }
}
