package dev.narrows.training.model;

import dev.narrows.training.TrainingException;
import dev.narrows.training.model.Node.Add;
import dev.narrows.training.model.Node.Convolution;
import dev.narrows.training.model.Node.Dense;
import dev.narrows.training.model.Node.Flatten;
import dev.narrows.training.model.Node.GlobalAveragePool;
import dev.narrows.training.model.Node.Input;
import dev.narrows.training.model.Node.Shortcut;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The networks that a recipe can name. */
public final class ModelZoo {
  /** Every name that {@link #create} knows. */
  public static final List<String> NAMES =
      List.of("mlp1", "mlp2", "cnn-small", "dscnn", "resnet8", "resnet20");

  private final List<Node> nodes = new ArrayList<>();
  private final Shape input;

  private ModelZoo(Shape input) {
    this.input = input;
    nodes.add(new Input("input", input));
  }

  /**
   * Builds a network for images of the given shape.
   *
   * @throws TrainingException if the name is unknown
   */
  public static ModelSpec create(String name, Shape input, int classes) {
    ModelZoo zoo = new ModelZoo(input);
    switch (name) {
      case "mlp1" -> zoo.mlp(List.of(), classes);
      case "mlp2" -> zoo.mlp(List.of(128), classes);
      case "cnn-small" -> zoo.cnnSmall(classes);
      case "dscnn" -> zoo.depthwiseSeparable(classes);
      case "resnet8" -> zoo.resnet8(classes);
      case "resnet20" -> zoo.resnet20(classes);
      default ->
          throw new TrainingException(
              "model: unknown network '" + name + "', expected one of " + String.join(", ", NAMES));
    }
    return new ModelSpec(name, zoo.nodes);
  }

  private void mlp(List<Integer> hidden, int classes) {
    nodes.add(new Flatten("flatten", "input"));
    String last = "flatten";
    int size = input.size();
    for (int i = 0; i < hidden.size(); i++) {
      String name = "fc" + (i + 1);
      nodes.add(new Dense(name, last, size, hidden.get(i), Optional.empty(), true));
      last = name;
      size = hidden.get(i);
    }
    nodes.add(new Dense("fc" + (hidden.size() + 1), last, size, classes, Optional.empty(), false));
  }

  /**
   * conv(16, /2) – residual block(16) – conv(32, /2) – residual block(32) – mean – dense: made for
   * 28 × 28 grey.
   */
  private void cnnSmall(int classes) {
    String last = conv("conv1", "bn1", "input", input.channels(), 16, 3, 2, true);
    last = residual("block1", last, 16, 16, 1);
    last = conv("conv2", "bn2", last, 16, 32, 3, 2, true);
    last = residual("block2", last, 32, 32, 1);
    head(last, 32, classes, "linear");
  }

  /** conv(16, /2) and four depthwise-separable pairs. */
  private void depthwiseSeparable(int classes) {
    String last = conv("conv1", "bn1", "input", input.channels(), 16, 3, 2, true);
    int[] widths = {32, 64, 64, 128};
    int[] strides = {1, 2, 1, 2};
    int channels = 16;
    for (int i = 0; i < widths.length; i++) {
      String block = "block" + (i + 1);
      nodes.add(
          new Convolution(
              block + ".depthwise",
              last,
              channels,
              channels,
              3,
              strides[i],
              Padding.all(1),
              channels,
              Optional.of(block + ".bn1"),
              true));
      last =
          conv(
              block + ".pointwise",
              block + ".bn2",
              block + ".depthwise",
              channels,
              widths[i],
              1,
              1,
              true);
      channels = widths[i];
    }
    head(last, channels, classes, "linear");
  }

  /**
   * MLPerf Tiny's image classification network (v1, 32 × 32): three stacks of one block, 1 × 1
   * shortcuts.
   */
  private void resnet8(int classes) {
    nodes.add(sameConv("conv1", "bn1", "input", input.channels(), 16, 3, 1, input, true));
    String last = "conv1";
    Shape size = new Shape(16, input.height(), input.width());
    int[] widths = {16, 32, 64};
    for (int i = 0; i < widths.length; i++) {
      String stack = "stack" + (i + 1);
      int stride = i == 0 ? 1 : 2;
      int width = widths[i];
      nodes.add(
          sameConv(
              stack + ".conv1",
              stack + ".bn1",
              last,
              size.channels(),
              width,
              3,
              stride,
              size,
              true));
      Shape inner =
          new Shape(
              width, (size.height() + stride - 1) / stride, (size.width() + stride - 1) / stride);
      nodes.add(
          sameConv(
              stack + ".conv2",
              stack + ".bn2",
              stack + ".conv1",
              width,
              width,
              3,
              1,
              inner,
              false));
      String shortcut = last;
      if (stride > 1) {
        shortcut = stack + ".shortcut";
        nodes.add(sameConv(shortcut, "", last, size.channels(), width, 1, stride, size, false));
      }
      nodes.add(new Add(stack + ".add", stack + ".conv2", shortcut, true));
      last = stack + ".add";
      size = inner;
    }
    head(last, size.channels(), classes, "dense");
  }

  /**
   * ResNet-20 of He et al. 2016, §4.2, with option-A shortcuts and the parameter names of
   * akamaster's PyTorch version.
   */
  private void resnet20(int classes) {
    String last = conv("conv1", "bn1", "input", input.channels(), 16, 3, 1, true);
    int channels = 16;
    for (int stage = 1; stage <= 3; stage++) {
      int width = 8 << stage;
      for (int block = 0; block < 3; block++) {
        last =
            residual(
                "layer" + stage + "." + block,
                last,
                channels,
                width,
                stage > 1 && block == 0 ? 2 : 1);
        channels = width;
      }
    }
    head(last, channels, classes, "linear");
  }

  private String residual(String block, String last, int channels, int width, int stride) {
    String inner = conv(block + ".conv1", block + ".bn1", last, channels, width, 3, stride, true);
    String branch = conv(block + ".conv2", block + ".bn2", inner, width, width, 3, 1, false);
    String shortcut = last;
    if (stride > 1 || channels != width) {
      shortcut = block + ".shortcut";
      int added = width - channels;
      nodes.add(new Shortcut(shortcut, last, stride, added / 2, added - added / 2));
    }
    nodes.add(new Add(block + ".add", branch, shortcut, true));
    return block + ".add";
  }

  private String conv(
      String name,
      String norm,
      String from,
      int channels,
      int width,
      int kernel,
      int stride,
      boolean relu) {
    nodes.add(
        new Convolution(
            name,
            from,
            channels,
            width,
            kernel,
            stride,
            Padding.all(kernel / 2),
            1,
            Optional.of(norm),
            relu));
    return name;
  }

  private static Convolution sameConv(
      String name,
      String norm,
      String from,
      int channels,
      int width,
      int kernel,
      int stride,
      Shape size,
      boolean relu) {
    return new Convolution(
        name,
        from,
        channels,
        width,
        kernel,
        stride,
        Padding.same(size.height(), size.width(), kernel, stride),
        1,
        norm.isEmpty() ? Optional.empty() : Optional.of(norm),
        relu);
  }

  private void head(String last, int channels, int classes, String name) {
    nodes.add(new GlobalAveragePool("pool", last));
    nodes.add(new Dense(name, "pool", channels, classes, Optional.empty(), false));
  }
}
