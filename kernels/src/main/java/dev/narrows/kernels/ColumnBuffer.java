package dev.narrows.kernels;

import dev.narrows.kernels.lanes.ColumnShape;

/**
 * What column blocks of integers and of floats have in common: a shape that changes from block to
 * block inside one array, and whether the block at hand is sealed.
 */
abstract sealed class ColumnBuffer permits Columns, FloatColumns {
  private final int capacity;
  private ColumnShape shape = new ColumnShape(0, 0);
  private int stride = shape.stride(); // asked for at every pixel
  private boolean sealed;

  /** A buffer for blocks of at most {@code capacity} values. */
  ColumnBuffer(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Sets the shape of the next block; its values are to be written anew.
   *
   * @throws IllegalArgumentException if the shape is beyond the capacity
   */
  public final void shape(int newTerms, int newColumns) {
    shape = new ColumnShape(newTerms, newColumns).within(capacity);
    stride = shape.stride();
    sealed = false;
  }

  /** Sets the shape of a block whose values lie elsewhere already. */
  final synchronized void placed(ColumnShape block) {
    shape = block;
    stride = shape.stride();
    sealed = true;
  }

  public final int terms() {
    return shape.terms();
  }

  public final int columns() {
    return shape.columns();
  }

  public final int stride() {
    return stride;
  }

  /**
   * States that the block is filled; to be called again after every change of the values. Finds the
   * bounds of its values itself.
   */
  public final synchronized void sealed() {
    lay(shape);
    sealed = true;
  }

  /** Seals the block if its values changed since. */
  final synchronized void ensureSealed() {
    if (!sealed) {
      sealed();
    }
  }

  /** Lays the block out for the kernels. */
  abstract void lay(ColumnShape block);
}
