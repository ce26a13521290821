package dev.narrows.training.model;

import java.util.List;
import java.util.Optional;

/** One step of a network. Nodes name their inputs; a node's output carries the node's name. */
public sealed interface Node
    permits Node.InputNode,
        Node.DotNode,
        Node.AddNode,
        Node.ShortcutNode,
        Node.GlobalAveragePoolNode,
        Node.FlattenNode,
        FloatNode {
  String name();

  List<String> inputs();

  /** A node whose outputs are sums of products: the only place where an accumulator matters. */
  sealed interface DotNode extends Node
      permits ConvolutionNode, TransposedConvolutionNode, DenseNode {
    String input();

    /** Prefix of the batch norm's parameters; without one the layer has a bias. */
    Optional<String> norm();

    boolean relu();

    int outputChannels();

    /** K, the number of terms of one sum. */
    int terms();

    @Override
    default List<String> inputs() {
      return List.of(input());
    }
  }

  /** The network's input: normalised images, or the ids of tokens, 1 × T × 1. */
  record InputNode(String name, FeatureMapShape shape) implements Node {
    @Override
    public List<String> inputs() {
      return List.of();
    }
  }

  /**
   * 2-D convolution, then batch norm (or a bias), then optionally ReLU. Weights
   * [out][in/groups][kernel][kernel].
   */
  record ConvolutionNode(
      String name,
      String input,
      int inputChannels,
      int outputChannels,
      int kernel,
      int stride,
      ZeroPadding padding,
      int groups,
      Optional<String> norm,
      boolean relu)
      implements DotNode {
    public ConvolutionNode {
      if (inputChannels % groups != 0 || outputChannels % groups != 0) {
        throw new IllegalArgumentException(
            name
                + ": channels "
                + inputChannels
                + ", "
                + outputChannels
                + " must divide by groups "
                + groups);
      }
    }

    @Override
    public int terms() {
      return kernel * kernel * (inputChannels / groups);
    }
  }

  /**
   * Transposed 2-D convolution, then batch norm (or a bias), then optionally ReLU: input pixel i
   * and tap k add to output pixel i·stride − padding + k, so an image of H rows becomes one of (H −
   * 1)·stride + kernel − 2·padding. Seen from an output it is a dot product of all K = kernel² · in
   * terms, most of them with zeros. Weights [out][kernel][kernel][in] in memory like a
   * convolution's; PyTorch's files have [in][out][kernel][kernel].
   *
   * @param padding rows and columns cut off on every side, less than the kernel
   */
  record TransposedConvolutionNode(
      String name,
      String input,
      int inputChannels,
      int outputChannels,
      int kernel,
      int stride,
      int padding,
      Optional<String> norm,
      boolean relu)
      implements DotNode {
    public TransposedConvolutionNode {
      if (padding < 0 || padding >= kernel) {
        throw new IllegalArgumentException(
            name + ": padding must be in [0, " + (kernel - 1) + "], got " + padding);
      }
    }

    @Override
    public int terms() {
      return kernel * kernel * inputChannels;
    }

    /** Rows or columns of the output. */
    public int outputs(int inputs) {
      return (inputs - 1) * stride + kernel - 2 * padding;
    }
  }

  /**
   * Fully connected layer, then batch norm (or a bias), then optionally ReLU. Weights [out][in].
   */
  record DenseNode(
      String name, String input, int terms, int outputChannels, Optional<String> norm, boolean relu)
      implements DotNode {}

  /** Element-wise sum, then optionally ReLU. */
  record AddNode(String name, String left, String right, boolean relu) implements Node {
    @Override
    public List<String> inputs() {
      return List.of(left, right);
    }
  }

  /**
   * ResNet's parameter-free shortcut (option A): every {@code stride}-th row and column, zero
   * channels added at both ends.
   */
  record ShortcutNode(String name, String input, int stride, int channelsBefore, int channelsAfter)
      implements Node {
    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }

  /** Mean over rows and columns: C × H × W to C × 1 × 1. */
  record GlobalAveragePoolNode(String name, String input) implements Node {
    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }

  /** C × H × W to a vector in that order. */
  record FlattenNode(String name, String input) implements Node {
    @Override
    public List<String> inputs() {
      return List.of(input);
    }
  }
}
