package dev.narrows.training.imported;

import java.util.List;

/** Layers that have no gradient. */
final class UntrainableException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_LISTED = 50;

  UntrainableException(List<String> nodes) {
    super(message(nodes));
  }

  /** Says which nodes have no gradient, as many as a message holds. */
  static String message(List<String> nodes) {
    String more = nodes.size() > MAX_LISTED ? "; …" : "";
    return "%d cannot be trained: %s%s"
        .formatted(
            nodes.size(),
            String.join("; ", nodes.subList(0, Math.min(MAX_LISTED, nodes.size()))),
            more);
  }
}
