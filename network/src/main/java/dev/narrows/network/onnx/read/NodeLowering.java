package dev.narrows.network.onnx.read;

/** How the nodes of one operator become layers. */
@FunctionalInterface
public interface NodeLowering {
  /**
   * Adds the layers of a node and says what its outputs are.
   *
   * @throws NotNativeException if this node has a form that Narrows has no layers for
   * @throws IllegalArgumentException if the node is not sound: its file is refused
   */
  void lower(LoweringNode node) throws NotNativeException;
}
