package dev.narrows.network.layer;

import java.util.List;

/** A layer that multiplies two activations: both operands of its products are tensors. */
public sealed interface ActivationProduct extends SummingLayer permits MatMul, IntegerMatMul {
  /** The tensor of the left operand. */
  int left();

  /** The tensor of the right operand. */
  int right();

  @Override
  default List<Integer> inputs() {
    return List.of(left(), right());
  }

  @Override
  default String kind() {
    return "matmul";
  }
}
