package dev.narrows.training.model;

import dev.narrows.training.model.Node.AddNode;
import dev.narrows.training.model.Node.ConvolutionNode;
import java.util.Optional;

/**
 * MobileNets for small images, as usual for CIFAR-10: the first convolution keeps the image's size,
 * and so do the first two of five strides. Channels are the papers' times width/32.
 */
final class MobileNetworks {
  private static final int PAPERS_WIDTH = 32;

  private final ModelDraft nodes;
  private final int width;
  private String last = "input";
  private int channels;

  private MobileNetworks(ModelDraft nodes, int width, int channels) {
    this.nodes = nodes;
    this.width = width;
    this.channels = channels;
  }

  /** Channels out, stride: table 1 of Howard et al. 2017. */
  private static final int[][] SEPARABLE = {
    {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1},
    {512, 1}, {512, 1}, {1024, 2}, {1024, 1},
  };

  /** Expansion, channels out, blocks, first stride: table 2 of Sandler et al. 2018. */
  private static final int[][] INVERTED = {
    {1, 16, 1, 1},
    {6, 24, 2, 1},
    {6, 32, 3, 2},
    {6, 64, 4, 2},
    {6, 96, 3, 1},
    {6, 160, 3, 2},
    {6, 320, 1, 1},
  };

  /** A convolution, then 13 pairs of a depthwise and a pointwise one. */
  static MobileNetworks first(ModelDraft nodes, int width, int channels) {
    MobileNetworks net = new MobileNetworks(nodes, width, channels);
    net.conv("conv1", net.scaled(PAPERS_WIDTH), 3, 1, Rectifier.RELU);
    for (int i = 0; i < SEPARABLE.length; i++) {
      String block = "block" + (i + 1);
      net.depthwise(block + ".depthwise", SEPARABLE[i][1], Rectifier.RELU);
      net.conv(block + ".pointwise", net.scaled(SEPARABLE[i][0]), 1, 1, Rectifier.RELU);
    }
    return net;
  }

  /** A convolution, 17 inverted residual blocks, a pointwise convolution. */
  static MobileNetworks second(ModelDraft nodes, int width, int channels) {
    MobileNetworks net = new MobileNetworks(nodes, width, channels);
    net.conv("conv1", net.scaled(PAPERS_WIDTH), 3, 1, Rectifier.RELU6);
    int block = 0;
    for (int[] row : INVERTED) {
      for (int i = 0; i < row[2]; i++) {
        block++;
        net.inverted("block" + block, row[0], net.scaled(row[1]), i == 0 ? row[3] : 1);
      }
    }
    net.conv("conv2", net.scaled(1280), 1, 1, Rectifier.RELU6);
    return net;
  }

  /** The last node. */
  String last() {
    return last;
  }

  /** Its channels. */
  int channels() {
    return channels;
  }

  private void inverted(String block, int expansion, int outputs, int stride) {
    String from = last;
    boolean residual = stride == 1 && channels == outputs;
    if (expansion > 1) {
      conv(block + ".expand", channels * expansion, 1, 1, Rectifier.RELU6);
    }
    depthwise(block + ".depthwise", stride, Rectifier.RELU6);
    conv(block + ".project", outputs, 1, 1, Rectifier.NONE);
    if (residual) {
      nodes.put(new AddNode(block + ".add", last, from, false));
      last = block + ".add";
    }
  }

  private void depthwise(String name, int stride, Rectifier rectifier) {
    add(name, channels, 3, stride, channels, rectifier);
  }

  private void conv(String name, int outputs, int kernel, int stride, Rectifier rectifier) {
    add(name, outputs, kernel, stride, 1, rectifier);
  }

  private void add(
      String name, int outputs, int kernel, int stride, int groups, Rectifier rectifier) {
    nodes.put(
        new ConvolutionNode(
            name,
            last,
            channels,
            outputs,
            ZeroPadding.all(kernel / 2).window(kernel, stride),
            groups,
            Optional.of(new BatchNorm(name + ".bn")),
            rectifier));
    last = name;
    channels = outputs;
  }

  private int scaled(int papers) {
    return Math.max(1, Math.round((float) papers * width / PAPERS_WIDTH));
  }
}
