package dev.narrows.training.model;

import dev.narrows.network.layer.Window;
import dev.narrows.training.model.ParameterSpec.ParameterRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One step of a network. Nodes name their inputs; a node's output carries the node's name. */
public sealed interface Node
    permits Node.InputNode,
        Node.DotNode,
        Node.AddNode,
        Node.GlobalAveragePoolNode,
        Node.FlattenNode,
        FloatNode,
        MatMulNode,
        BatchNormNode,
        ParameterNode,
        ImportedNode {
  String name();

  List<String> inputs();

  /**
   * The shape of its output.
   *
   * @param in the shapes of its inputs, in order
   * @throws IllegalArgumentException naming the node and what does not fit
   */
  FeatureMapShape shape(List<FeatureMapShape> in);

  /**
   * Its arrays, in a fixed order.
   *
   * @param out the shape of its output
   */
  default List<ParameterSpec> parameters(FeatureMapShape out) {
    return List.of();
  }

  /** Rejects a shape that is not what the node states. */
  default void expect(String what, int stated, int found) {
    if (stated != found) {
      throw new IllegalArgumentException(
          "%s states %d %s but gets %d".formatted(name(), stated, what, found));
    }
  }

  /** A node whose outputs are sums of products: the only place where an accumulator matters. */
  sealed interface DotNode extends Node
      permits ConvolutionNode, TransposedConvolutionNode, DenseNode {
    String input();

    /** Without one the layer has a bias. */
    Optional<BatchNorm> norm();

    /** What cuts its outputs. */
    Rectifier rectifier();

    int outputChannels();

    /** K, the number of terms of one sum. */
    int terms();

    /** The same layer, followed by something else. */
    DotNode with(Optional<BatchNorm> norm, Rectifier rectifier);

    /** Whether no output is negative. */
    default boolean relu() {
      return rectifier().cuts();
    }

    @Override
    default List<String> inputs() {
      return List.of(input());
    }

    @Override
    default List<ParameterSpec> parameters(FeatureMapShape out) {
      int channels = outputChannels();
      List<ParameterSpec> specs = new ArrayList<>();
      specs.add(
          new ParameterSpec(name() + ".weight", name(), ParameterRole.WEIGHT, channels, terms()));
      norm()
          .ifPresentOrElse(
              norm -> specs.addAll(ParameterSpec.of(norm, name(), channels)),
              () ->
                  specs.add(
                      new ParameterSpec(
                          name() + ".bias", name(), ParameterRole.BIAS, channels, 1)));
      return specs;
    }
  }

  /** The network's input: normalised images, or the ids of tokens, 1 × T × 1. */
  record InputNode(String name, FeatureMapShape shape) implements Node {
    @Override
    public List<String> inputs() {
      return List.of();
    }

    @Override
    public FeatureMapShape shape(List<FeatureMapShape> in) {
      return shape;
    }
  }

  /**
   * 2-D convolution, then batch norm (or a bias), then optionally a rectifier. Weights
   * [out][in/groups][kernel row][kernel column].
   */
  record ConvolutionNode(
      String name,
      String input,
      int inputChannels,
      int outputChannels,
      Window window,
      int groups,
      Optional<BatchNorm> norm,
      Rectifier rectifier)
      implements DotNode {
    public ConvolutionNode {
      requireGroups(name, inputChannels, outputChannels, groups);
    }

    /** With a square kernel and PyTorch's batch norm. */
    public ConvolutionNode(
        String name,
        String input,
        int inputChannels,
        int outputChannels,
        int kernel,
        int stride,
        ZeroPadding padding,
        int groups,
        Optional<String> norm,
        boolean relu) {
      this(
          name,
          input,
          inputChannels,
          outputChannels,
          padding.window(kernel, stride),
          groups,
          norm.map(BatchNorm::new),
          Rectifier.of(relu));
    }

    /** One group, padded so that a stride of 1 keeps the image's size. */
    static ConvolutionNode padded(
        String name,
        String input,
        int inputChannels,
        int outputChannels,
        int kernel,
        int stride,
        Optional<String> norm,
        boolean relu) {
      return new ConvolutionNode(
          name,
          input,
          inputChannels,
          outputChannels,
          kernel,
          stride,
          ZeroPadding.all(kernel / 2),
          1,
          norm,
          relu);
    }

    /** Whether each output channel sums over one input channel, as groups do that are not alone. */
    public boolean depthwise() {
      return groups > 1 && groups == inputChannels;
    }

    @Override
    public DotNode with(Optional<BatchNorm> otherNorm, Rectifier otherRectifier) {
      return new ConvolutionNode(
          name, input, inputChannels, outputChannels, window, groups, otherNorm, otherRectifier);
    }

    @Override
    public int terms() {
      return window.taps() * (inputChannels / groups);
    }

    @Override
    public FeatureMapShape shape(List<FeatureMapShape> in) {
      FeatureMapShape from = in.getFirst();
      expect("input channels", inputChannels, from.channels());
      int height = window.outputHeight(from.height());
      int width = window.outputWidth(from.width());
      if (height < 1 || width < 1) {
        throw new IllegalArgumentException(
            "kernel of " + name + " is larger than its padded input");
      }
      return new FeatureMapShape(outputChannels, height, width);
    }
  }

  /**
   * Transposed 2-D convolution, then batch norm (or a bias), then optionally a rectifier: input
   * pixel i and tap k add to output pixel i·stride − padding + k·dilation, so an image of H rows
   * becomes one of (H − 1)·stride + (kernel − 1)·dilation + 1 − 2·padding, and {@code extra} more.
   * Seen from an output it is a dot product of all K = kernel² · in/groups terms, most of them with
   * zeros. Weights [out][kernel][kernel][in/groups] in memory like a convolution's; PyTorch's files
   * have [in][out/groups][kernel][kernel].
   *
   * @param window padding is what is cut off
   * @param extraHeight rows more at the bottom, less than the stride
   * @param extraWidth columns more at the right, less than the stride
   */
  record TransposedConvolutionNode(
      String name,
      String input,
      int inputChannels,
      int outputChannels,
      Window window,
      int extraHeight,
      int extraWidth,
      int groups,
      Optional<BatchNorm> norm,
      Rectifier rectifier)
      implements DotNode {
    public TransposedConvolutionNode {
      requireGroups(name, inputChannels, outputChannels, groups);
      requireExtra(name, extraHeight, window.strideHeight());
      requireExtra(name, extraWidth, window.strideWidth());
    }

    /** With a square kernel, one group and PyTorch's batch norm. */
    public TransposedConvolutionNode(
        String name,
        String input,
        int inputChannels,
        int outputChannels,
        int kernel,
        int stride,
        int padding,
        Optional<String> norm,
        boolean relu) {
      this(
          name,
          input,
          inputChannels,
          outputChannels,
          cropped(name, kernel, stride, padding),
          0,
          0,
          1,
          norm.map(BatchNorm::new),
          Rectifier.of(relu));
    }

    private static Window cropped(String name, int kernel, int stride, int padding) {
      if (padding < 0 || padding >= kernel) {
        throw new IllegalArgumentException(
            name + ": padding must be in [0, " + (kernel - 1) + "], got " + padding);
      }
      return Window.square(kernel, stride, padding);
    }

    private static void requireExtra(String name, int extra, int stride) {
      if (extra < 0 || extra >= stride) {
        throw new IllegalArgumentException(
            name + ": output padding must be in [0, " + (stride - 1) + "], got " + extra);
      }
    }

    @Override
    public DotNode with(Optional<BatchNorm> otherNorm, Rectifier otherRectifier) {
      return new TransposedConvolutionNode(
          name,
          input,
          inputChannels,
          outputChannels,
          window,
          extraHeight,
          extraWidth,
          groups,
          otherNorm,
          otherRectifier);
    }

    @Override
    public int terms() {
      return window.taps() * (inputChannels / groups);
    }

    @Override
    public FeatureMapShape shape(List<FeatureMapShape> in) {
      FeatureMapShape from = in.getFirst();
      expect("input channels", inputChannels, from.channels());
      int height = Math.toIntExact(window.transposedHeight(from.height()) + extraHeight);
      int width = Math.toIntExact(window.transposedWidth(from.width()) + extraWidth);
      if (height < 1 || width < 1) {
        throw new IllegalArgumentException("padding of " + name + " leaves nothing of its output");
      }
      return new FeatureMapShape(outputChannels, height, width);
    }
  }

  private static void requireGroups(String name, int inputs, int outputs, int groups) {
    if (inputs % groups != 0 || outputs % groups != 0) {
      throw new IllegalArgumentException(
          "%s: channels %d, %d must divide by groups %d".formatted(name, inputs, outputs, groups));
    }
  }

  /**
   * Fully connected layer, then batch norm (or a bias), then optionally a rectifier. Weights
   * [out][in].
   */
  record DenseNode(
      String name,
      String input,
      int terms,
      int outputChannels,
      Optional<BatchNorm> norm,
      Rectifier rectifier)
      implements DotNode {
    /** With PyTorch's batch norm. */
    public DenseNode(
        String name,
        String input,
        int terms,
        int outputChannels,
        Optional<String> norm,
        boolean relu) {
      this(name, input, terms, outputChannels, norm.map(BatchNorm::new), Rectifier.of(relu));
    }

    @Override
    public DotNode with(Optional<BatchNorm> otherNorm, Rectifier otherRectifier) {
      return new DenseNode(name, input, terms, outputChannels, otherNorm, otherRectifier);
    }

    @Override
    public FeatureMapShape shape(List<FeatureMapShape> in) {
      expect("terms", terms, in.getFirst().size());
      return FeatureMapShape.vector(outputChannels);
    }
  }

  /** Element-wise sum, then optionally ReLU. */
  record AddNode(String name, String left, String right, boolean relu) implements Node {
    @Override
    public List<String> inputs() {
      return List.of(left, right);
    }

    @Override
    public FeatureMapShape shape(List<FeatureMapShape> in) {
      if (!in.get(0).equals(in.get(1))) {
        throw new IllegalArgumentException(name + " adds " + in.get(0) + " and " + in.get(1));
      }
      return in.get(0);
    }
  }

  /** Mean over rows and columns: C × H × W to C × 1 × 1. */
  record GlobalAveragePoolNode(String name, String input) implements Node {
    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public FeatureMapShape shape(List<FeatureMapShape> in) {
      return FeatureMapShape.vector(in.getFirst().channels());
    }
  }

  /** C × H × W to a vector in that order. */
  record FlattenNode(String name, String input) implements Node {
    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public FeatureMapShape shape(List<FeatureMapShape> in) {
      return FeatureMapShape.vector(in.getFirst().size());
    }
  }
}
