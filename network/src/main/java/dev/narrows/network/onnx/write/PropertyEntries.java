package dev.narrows.network.onnx.write;

import dev.narrows.network.onnx.proto.StringStringEntryProto;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The properties of a model or a node, as files have them. */
final class PropertyEntries {
  private PropertyEntries() {}

  /** Entries by ascending key, so that equal networks give equal bytes. */
  static List<StringStringEntryProto> entries(Map<String, String> texts) {
    return new TreeMap<>(texts)
        .entrySet().stream()
            .map(text ->
                StringStringEntryProto.newBuilder()
                    .setKey(text.getKey())
                    .setValue(text.getValue())
                    .build())
            .toList();
  }
}
