package dev.narrows.network.program;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An ONNX model cut into steps: ours, and those of the runtime of others.
 *
 * @param model as read
 * @param main its graph
 */
public record Program(OnnxModel model, ProgramBlock main) {
  /**
   * The key, in the metadata of the network of a program's sums, that lists sums of which nothing
   * is known before they run, a name a line.
   */
  public static final String WITHOUT_LAYER = "program.without";

  /**
   * Cuts a model into steps. Nothing runs.
   *
   * @throws NetworkFileException naming every node that neither Narrows nor the runtime computes
   */
  public static Program of(OnnxModel model) throws NetworkFileException {
    return Partition.of(model);
  }

  /** Every step, those inside control flow too, outer ones first. */
  public List<ProgramStep> steps() {
    List<ProgramStep> all = new ArrayList<>();
    collect(main, all);
    return all;
  }

  private static void collect(ProgramBlock block, List<ProgramStep> into) {
    for (ProgramStep step : block.steps()) {
      into.add(step);
      switch (step) {
        case ProgramStep.BranchStep branch -> {
          collect(branch.then(), into);
          collect(branch.otherwise(), into);
        }
        case ProgramStep.LoopStep loop -> collect(loop.body(), into);
        case ProgramStep.ScanStep scan -> collect(scan.body(), into);
        case ProgramStep.OwnStep _, ProgramStep.HostedStep _, ProgramStep.RecurrentStep _ -> {}
      }
    }
  }

  /** Whether a runtime of others is needed. */
  public boolean isHosted() {
    return steps().stream().anyMatch(ProgramStep.HostedStep.class::isInstance);
  }

  /** The parts that a runtime of others runs at once. */
  public int segments() {
    return (int) steps().stream().filter(ProgramStep.HostedStep.class::isInstance).count();
  }

  /** The nodes that a runtime of others computes. */
  public List<OnnxNode> hosted() {
    return steps().stream()
        .filter(ProgramStep.HostedStep.class::isInstance)
        .flatMap(step -> step.nodes().stream())
        .toList();
  }

  /** The operators that a runtime of others computes, the most frequent first. */
  public Map<String, Integer> hostedOperators() {
    Map<String, Integer> counts = new HashMap<>();
    hosted().forEach(node -> counts.merge(node.key(), 1, Integer::sum));
    Map<String, Integer> ordered = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    return ordered;
  }
}
