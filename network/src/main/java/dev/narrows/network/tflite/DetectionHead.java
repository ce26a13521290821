package dev.narrows.network.tflite;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The custom operator that makes detections at the end of many files: it sorts and drops boxes and
 * sums no products, so the network ends with what it reads, box encodings and class scores.
 */
final class DetectionHead {
  private static final String NAME = "CUSTOM \"TFLite_Detection_PostProcess\"";
  private static final int READ = 2; // of its inputs; the third is the anchors

  private final List<Integer> read = new ArrayList<>();
  private final Set<Integer> made = new LinkedHashSet<>();

  /** Whether an operator is one, whose outputs are then not made. */
  boolean takes(FileOperator operator) throws Unsupported {
    if (!operator.name().equals(NAME)) {
      return false;
    }
    if (!made.isEmpty() || operator.inputs().length < READ) {
      throw new Unsupported("a second one");
    }
    for (int i = 0; i < READ; i++) {
      read.add(operator.input(i));
    }
    for (int output : operator.outputs()) {
      made.add(output);
    }
    return true;
  }

  /** A file's outputs, with what the operator reads instead of what it makes. */
  List<Integer> outputs(List<Integer> stated) {
    if (stated.stream().noneMatch(made::contains)) {
      return stated;
    }
    Set<Integer> outputs = new LinkedHashSet<>(read);
    stated.stream().filter(output -> !made.contains(output)).forEach(outputs::add);
    return List.copyOf(outputs);
  }

  /** What a user should know. */
  Optional<String> note() {
    return made.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the file's last operator, TFLite_Detection_PostProcess, is left out: the outputs are"
                + " the box encodings and the class scores that it reads");
  }
}
