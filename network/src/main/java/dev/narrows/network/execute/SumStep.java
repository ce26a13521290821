package dev.narrows.network.execute;

/** A step that sums integers in a register. */
interface SumStep extends Step {
  /** The same layer in another register; what is packed is shared. */
  SumStep in(LayerRegister register);

  /** What the register sees. */
  Convention convention(LayerRegister register);

  /** Output channels that are profiled apart. */
  int channels();

  /** The column block this step needs for blocks of at most {@code batch} images, in values. */
  int columnValues(int batch);
}
