package dev.narrows.network.onnx.write;

import dev.narrows.network.layer.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a file computes otherwise than its network, a line a layer. */
final class ExportNotes {
  private final List<String> lines = new ArrayList<>();

  /** Says what is different about a layer. */
  void add(Layer layer, String what) {
    lines.add("\"%s\" (%s): %s".formatted(layer.name(), layer.kind(), what));
  }

  /** Says how far a layer's requantisation is from ONNX's; empty where it was not counted. */
  void gap(Layer layer, Optional<RequantizationGap> gap) {
    if (gap.isPresent()) {
      gap.get().sentence().ifPresent(sentence -> add(layer, sentence));
    } else {
      add(layer, "codes can differ by ONNX's factor in float32; not counted");
    }
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
