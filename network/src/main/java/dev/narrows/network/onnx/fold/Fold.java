package dev.narrows.network.onnx.fold;

import dev.narrows.network.array.NdTensor;
import java.util.List;

/** What the nodes of one operator make of constants. */
@FunctionalInterface
interface Fold {
  /**
   * The outputs, in order.
   *
   * @throws CannotFold if this form of the node is not computed here
   * @throws IllegalArgumentException if the node is not sound
   */
  List<NdTensor> fold(FoldNode node) throws CannotFold;

  /** Of one output. */
  @FunctionalInterface
  interface OfOne {
    NdTensor fold(FoldNode node) throws CannotFold;
  }

  /** An operator of one output. */
  static Fold of(OfOne single) {
    return node -> List.of(single.fold(node));
  }
}
