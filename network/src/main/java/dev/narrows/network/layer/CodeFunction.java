package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import java.util.List;

/**
 * A layer that computes codes without a register: each output column is a function of one input
 * column, in integers, the same bits everywhere. A column is the channels of one position.
 */
public sealed interface CodeFunction extends Layer permits IntegerSoftmax, WideSoftmax, CodeTable {
  /** The tensor read. */
  int input();

  /** The codes that the layer can make. */
  IntegerRange codes();

  /** Replaces the input codes of a column by its output codes. */
  void apply(int[] column);

  @Override
  default List<Integer> inputs() {
    return List.of(input());
  }
}
