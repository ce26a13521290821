package dev.narrows.training.model;

/** What cuts the outputs of a node. */
public enum Rectifier {
  NONE,
  /** max(x, 0). */
  RELU,
  /** min(max(x, 0), 6) in float32; of unsigned codes the largest takes the place of 6. */
  RELU6;

  /** Whether there is one. */
  public boolean cuts() {
    return this != NONE;
  }

  static Rectifier of(boolean relu) {
    return relu ? RELU : NONE;
  }
}
