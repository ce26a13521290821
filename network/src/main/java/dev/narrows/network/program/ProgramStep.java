package dev.narrows.network.program;

import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.List;
import java.util.Set;

/** A part of a graph that is computed at once. */
public sealed interface ProgramStep {
  /** The nodes it stands for, in the graph's order. */
  List<OnnxNode> nodes();

  /** The names that it reads, in the order of reading. */
  default Set<String> reads() {
    return GraphNames.reads(nodes());
  }

  /** The names that it makes. */
  default Set<String> makes() {
    return GraphNames.makes(nodes());
  }

  /**
   * A node that sums products, with those around it that make its operands codes.
   *
   * @param makes what others may read of it
   */
  record OwnStep(List<OnnxNode> nodes, Set<String> makes) implements ProgramStep {
    public OwnStep {
      nodes = List.copyOf(nodes);
      makes = Set.copyOf(makes);
    }

    /** The node that sums. */
    public OnnxNode sum() {
      return nodes.stream()
          .filter(node -> OperatorRole.of(node.key()).filter(OperatorRole.OWN::equals).isPresent())
          .findFirst()
          .orElseGet(nodes::getFirst);
    }
  }

  /**
   * Nodes that sum no products.
   *
   * @param makes what others may read of it
   */
  record HostedStep(List<OnnxNode> nodes, Set<String> makes) implements ProgramStep {
    public HostedStep {
      nodes = List.copyOf(nodes);
      makes = Set.copyOf(makes);
    }

    /** Nodes all of whose outputs others may read. */
    public HostedStep(List<OnnxNode> nodes) {
      this(nodes, GraphNames.makes(nodes));
    }
  }

  /** LSTM, GRU or RNN. */
  record RecurrentStep(OnnxNode node) implements ProgramStep {
    @Override
    public List<OnnxNode> nodes() {
      return List.of(node);
    }
  }

  /** An If with sums of products inside. */
  record BranchStep(OnnxNode node, ProgramBlock then, ProgramBlock otherwise)
      implements ProgramStep {
    @Override
    public List<OnnxNode> nodes() {
      return List.of(node);
    }
  }

  /** A Loop with sums of products inside. */
  record LoopStep(OnnxNode node, ProgramBlock body) implements ProgramStep {
    @Override
    public List<OnnxNode> nodes() {
      return List.of(node);
    }
  }

  /** A Scan with sums of products inside. */
  record ScanStep(OnnxNode node, ProgramBlock body) implements ProgramStep {
    @Override
    public List<OnnxNode> nodes() {
      return List.of(node);
    }
  }
}
