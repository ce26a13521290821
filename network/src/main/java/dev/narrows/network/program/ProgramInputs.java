package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares what a caller gives with what a program's inputs are. */
final class ProgramInputs {
  private ProgramInputs() {}

  /**
   * Refuses arrays that are missing, unknown, of another type or shape.
   *
   * @throws ProgramException naming the input and what it is
   */
  static void check(Program program, Map<String, NdTensor> inputs) {
    List<OnnxValueInfo> wanted = program.model().graph().required();
    Set<String> names = wanted.stream().map(OnnxValueInfo::name).collect(Collectors.toSet());
    for (String name : inputs.keySet()) {
      if (!names.contains(name)) {
        throw new ProgramException(
            "input \"" + name + "\"", "the network has no such input; it has " + names);
      }
    }
    for (OnnxValueInfo info : wanted) {
      NdTensor given = inputs.get(info.name());
      String where = "input \"" + info.name() + "\"";
      if (given == null) {
        throw new ProgramException(where, "is missing; expected " + info.describe());
      }
      if (info.kind() != OnnxValueInfo.Kind.TENSOR) {
        throw new ProgramException(where, "is no tensor but " + info.kind());
      }
      if (info.type().isPresent() && info.type().get() != given.type() || !fits(info, given)) {
        throw new ProgramException(
            where, "expected " + info.describe() + ", got " + given.describe());
      }
    }
  }

  private static boolean fits(OnnxValueInfo info, NdTensor given) {
    Optional<List<OnnxValueInfo.Dim>> dims = info.dims();
    if (dims.isEmpty()) {
      return true;
    }
    if (dims.get().size() != given.rank()) {
      return false;
    }
    for (int i = 0; i < given.rank(); i++) {
      int size = given.dims().get(i);
      if (dims.get().get(i).size().orElse(size) != size) {
        return false;
      }
    }
    return true;
  }
}
