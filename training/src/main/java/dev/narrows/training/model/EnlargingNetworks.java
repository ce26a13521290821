package dev.narrows.training.model;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Resize.Interpolation;
import dev.narrows.training.model.Node.AddNode;
import dev.narrows.training.model.Node.ConvolutionNode;
import java.util.List;
import java.util.Optional;

/** Networks that make a larger image of one. None of them has a batch norm. */
final class EnlargingNetworks {
  private final ModelDraft nodes;
  private final FeatureMapShape input;
  private final int factor;

  private EnlargingNetworks(ModelDraft nodes, FeatureMapShape input, int factor) {
    this.nodes = nodes;
    this.input = input;
    this.factor = factor;
  }

  /**
   * Networks from images of a shape to images with as many channels.
   *
   * @param outputs numbers of an output, a square as many times those of an input
   * @throws BadInputException if they are not
   */
  static EnlargingNetworks of(String name, ModelDraft nodes, FeatureMapShape input, int outputs) {
    int factor = (int) Math.round(Math.sqrt((double) outputs / input.size()));
    if (factor < 1 || (long) factor * factor * input.size() != outputs) {
      throw new BadInputException(
          "model: %s makes images a whole number of times larger; of %d×%d×%d it is to make %d numbers"
              .formatted(name, input.channels(), input.height(), input.width(), outputs));
    }
    return new EnlargingNetworks(nodes, input, factor);
  }

  /**
   * ESPCN (Shi et al. 2016) with ReLUs: conv 5 × 5 (w) – conv 3 × 3 (w/2) – conv 3 × 3, whose
   * channels become rows and columns.
   */
  void subpixel(int width) {
    int half = Math.max(1, width / 2);
    String last = conv("conv1", "input", input.channels(), width, 5, 1, true);
    last = conv("conv2", last, width, half, 3, 1, true);
    last = conv("conv3", last, half, input.channels() * factor * factor, 3, 1, false);
    depthToSpace("shuffle", last);
  }

  /**
   * A U-Net (Ronneberger et al. 2015) of three levels, w to 4 w channels: strided convolutions
   * down, nearest-neighbour resize convolutions up, joined with what was there on the way down. The
   * output is added to the image, enlarged by repeating pixels.
   */
  void uNet(int width) {
    if (input.height() % 4 != 0 || input.width() % 4 != 0) {
      throw new BadInputException(
          "model: unet halves images twice, got %d×%d".formatted(input.height(), input.width()));
    }
    String top = block("down1", "input", input.channels(), width, 1);
    String middle = block("down2", top, width, 2 * width, 2);
    String bottom = block("down3", middle, 2 * width, 4 * width, 2);
    String last = up("up2", bottom, 4 * width, 2 * width, middle);
    last = up("up1", last, 2 * width, width, top);
    if (factor > 1) {
      last = conv("large", enlarged("large.resize", last, factor), width, width, 3, 1, true);
    }
    last = conv("out", last, width, input.channels(), 3, 1, false);
    String image = factor > 1 ? enlarged("image", "input", factor) : "input";
    nodes.put(new AddNode("add", last, image, false));
  }

  private String block(String name, String from, int channels, int width, int stride) {
    String last = conv(name + ".conv1", from, channels, width, 3, stride, true);
    return conv(name + ".conv2", last, width, width, 3, 1, true);
  }

  private String up(String name, String from, int channels, int width, String skip) {
    String larger = enlarged(name + ".resize", from, 2);
    String narrow = conv(name + ".conv1", larger, channels, width, 3, 1, true);
    String both = joined(name + ".joined", narrow, skip);
    return conv(name + ".conv2", both, 2 * width, width, 3, 1, true);
  }

  private String conv(
      String name, String from, int channels, int width, int kernel, int stride, boolean relu) {
    nodes.put(
        ConvolutionNode.padded(
            name, from, channels, width, kernel, stride, Optional.empty(), relu));
    return name;
  }

  private String enlarged(String name, String from, int times) {
    FeatureMapShape in = nodes.shape(from);
    FeatureMapShape out =
        new FeatureMapShape(in.channels(), times * in.height(), times * in.width());
    nodes.put(
        new ImportedNode(
            name,
            List.of(from),
            new Resize(name, 0, out.floats(), Interpolation.NEAREST, false, false)));
    return name;
  }

  private String joined(String name, String first, String second) {
    FeatureMapShape one = nodes.shape(first);
    FeatureMapShape other = nodes.shape(second);
    FeatureMapShape both =
        new FeatureMapShape(one.channels() + other.channels(), one.height(), one.width());
    nodes.put(
        new ImportedNode(
            name, List.of(first, second), Rearrange.joined(name, List.of(0, 1), both.floats())));
    return name;
  }

  /** Channel c·f² + f·i + j becomes row i and column j of each f × f square of channel c. */
  private void depthToSpace(String name, String from) {
    FeatureMapShape in = nodes.shape(from);
    int plane = in.height() * in.width();
    FeatureMapShape out =
        new FeatureMapShape(
            in.channels() / (factor * factor), factor * in.height(), factor * in.width());
    List<Axis> axes =
        List.of(
            Axis.of(out.channels(), factor * factor * plane),
            Axis.of(in.height(), in.width()),
            Axis.of(factor, factor * plane),
            Axis.of(in.width(), 1),
            Axis.of(factor, plane));
    nodes.put(
        new ImportedNode(
            name, List.of(from), new Rearrange(name, List.of(0), out.floats(), 0, axes)));
  }
}
