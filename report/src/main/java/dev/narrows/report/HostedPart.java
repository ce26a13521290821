package dev.narrows.report;

import java.util.List;

/**
 * What of a network a runtime of others computes: operators that sum no products.
 *
 * @param segments parts that it runs at once
 * @param operators what it runs, the most frequent first
 * @param unseen nodes that sum products of which nothing is known before they run; data show them
 */
public record HostedPart(int segments, List<HostedOperator> operators, List<String> unseen) {
  /** Copies the lists. */
  public HostedPart {
    operators = List.copyOf(operators);
    unseen = List.copyOf(unseen);
  }

  /**
   * An operator and its nodes.
   *
   * @param name of the operator, as ONNX has it
   * @param nodes how many nodes of the network
   */
  public record HostedOperator(String name, int nodes) {}

  /** Tables of both. */
  List<Table> tables() {
    int nodes = operators.stream().mapToInt(HostedOperator::nodes).sum();
    Table hosted =
        new Table(
            "Hosted: %d nodes in %d segments, computed by ONNX Runtime; they sum no products"
                .formatted(nodes, segments),
            List.of("operator", "nodes"));
    operators.forEach(operator -> hosted.row(operator.name(), operator.nodes()));
    if (unseen.isEmpty()) {
      return List.of(hosted);
    }
    Table sums =
        new Table(
            "Sums of products whose operands are known when they run; see them with --data",
            List.of("node"));
    unseen.forEach(sums::row);
    return List.of(hosted, sums);
  }
}
