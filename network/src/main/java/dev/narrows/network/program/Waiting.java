package dev.narrows.network.program;

import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Parts of a graph that are not in order yet. */
final class Waiting {
  /** A part and its names, which are asked for often. */
  private record Named(ProgramStep part, Set<String> reads, Set<String> makes) {
    int place() {
      return part.nodes().stream().mapToInt(OnnxNode::index).max().orElse(0);
    }
  }

  private List<Named> left = new ArrayList<>();
  private final Set<String> missing = new HashSet<>(); // what parts that are left will make

  Waiting(List<ProgramStep> parts) {
    for (ProgramStep part : parts) {
      left.add(new Named(part, part.reads(), part.makes()));
      missing.addAll(part.makes());
    }
    left.sort(Comparator.comparingInt(Named::place));
  }

  boolean isEmpty() {
    return left.isEmpty();
  }

  /** Takes out the parts of a kind that have all they read, given that these run in order. */
  List<ProgramStep> ready(Predicate<ProgramStep> kind) {
    List<ProgramStep> ready = new ArrayList<>();
    List<Named> rest = new ArrayList<>();
    for (Named one : left) {
      if (kind.test(one.part()) && one.reads().stream().noneMatch(missing::contains)) {
        ready.add(one.part());
        missing.removeAll(one.makes());
      } else {
        rest.add(one);
      }
    }
    left = rest;
    return ready;
  }
}
