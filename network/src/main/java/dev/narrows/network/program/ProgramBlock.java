package dev.narrows.network.program;

import dev.narrows.network.onnx.graph.OnnxGraph;
import java.util.List;
import java.util.Set;

/**
 * A graph, the main one or one inside a node, cut into steps.
 *
 * @param graph with names of nodes that are unique in the program
 * @param steps in an order in which each reads what is there
 * @param constants names that hold the same in every run: the graph's constants, and what is
 *     computed of constants alone
 */
public record ProgramBlock(OnnxGraph graph, List<ProgramStep> steps, Set<String> constants) {
  public ProgramBlock {
    steps = List.copyOf(steps);
    constants = Set.copyOf(constants);
  }
}
