package dev.narrows.network.layer;

import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * One step of a network: reads earlier tensors, makes one new tensor. Inputs are tensor indices: 0
 * is the network's input, i + 1 what layer i makes.
 *
 * <p>A layer either sums in a register that a run may choose, or is a function of its inputs that
 * is the same in every run, or stands for a further input or a state. How to add one: see the
 * package.
 */
public sealed interface Layer permits SummingLayer, FunctionLayer, InputLayer {
  /** Unique in its network. */
  String name();

  /** The tensors read. */
  List<Integer> inputs();

  /** The tensor made. */
  TensorType output();

  /** The word reports use: conv2d, depthwiseConv2d, transposeConv2d, dense, averagePool, … */
  String kind();

  /**
   * Checks this layer's shapes and formats against the tensors it reads.
   *
   * @param sources the types of {@link #inputs()}, in order
   * @throws IllegalArgumentException saying what does not fit
   */
  void check(List<TensorType> sources);
}
