package dev.narrows.network.onnx.graph;

import com.google.protobuf.Message;
import dev.narrows.network.onnx.proto.StringStringEntryProto;
import dev.narrows.network.onnx.proto.TensorProto;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The other files that constants of an ONNX model lie in. */
public final class ConstantFiles {
  private ConstantFiles() {}

  /**
   * Their paths relative to the model's folder.
   *
   * @param model one that was read, so that its paths stay in its folder
   */
  public static SortedSet<String> of(OnnxModel model) {
    SortedSet<String> found = new TreeSet<>();
    visit(model.proto(), found);
    return found;
  }

  private static void visit(Message message, SortedSet<String> found) {
    if (message instanceof TensorProto tensor) {
      tensor.getExternalDataList().stream()
          .filter(entry -> entry.getKey().equals("location"))
          .map(StringStringEntryProto::getValue)
          .forEach(found::add);
      return;
    }
    for (Object value : message.getAllFields().values()) {
      for (Object each : value instanceof List<?> list ? list : List.of(value)) {
        if (each instanceof Message inner) {
          visit(inner, found);
        }
      }
    }
  }
}
