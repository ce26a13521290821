package dev.narrows.training.imported;

import java.util.List;

/** Layers that have no gradient. */
final class UntrainableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UntrainableException(List<String> nodes) {
    super("%d cannot be trained: %s".formatted(nodes.size(), String.join("; ", nodes)));
  }
}
