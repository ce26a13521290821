package dev.narrows.experiments.reproduce.figure;

import dev.narrows.experiments.recipe.Model;
import dev.narrows.experiments.reproduce.figure.TestBed.FloatStart;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A network of the papers that a figure can be made on instead of its usual one. */
public enum PaperNetwork {
  /** MLPerf Tiny's. */
  RESNET8(Model.RESNET8, 16, 20, 22_528),
  /** The one for CIFAR-10. */
  RESNET20(Model.RESNET20, 16, 40, 22_528),
  /** ResNet-18 with half as many channels everywhere. */
  RESNET18_HALF(Model.RESNET18, 32, 20, 15_360),
  /** PQS's, A2Q's and LBA's. */
  RESNET18(Model.RESNET18, 64, 20, 15_360),
  /** A2Q's. */
  MOBILENETV1(Model.MOBILENETV1, 32, 20, 15_360),
  /** PQS's. */
  MOBILENETV2(Model.MOBILENETV2, 32, 20, 15_360);

  /** Channels of every network at scale smoke. */
  private static final int SMOKE_WIDTH = 8;

  /** Training images at scale smoke. */
  private static final int SMOKE_IMAGES = 512;

  private final Model model;
  private final int width;
  private final int floatEpochs;
  private final int images;

  PaperNetwork(Model model, int width, int floatEpochs, int images) {
    this.model = model;
    this.width = width;
    this.floatEpochs = floatEpochs;
    this.images = images;
  }

  /** The word on the command line, such as {@code resnet18-half}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The network of a word. */
  public static Optional<PaperNetwork> named(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }

  /** All words, for messages. */
  public static String words() {
    return Arrays.stream(values()).map(PaperNetwork::word).collect(Collectors.joining(", "));
  }

  /**
   * The network with images at a scale.
   *
   * @param weights float weights for CIFAR-10, a file or the folder of a run; empty: they are trained first
   */
  public TestBed at(Scale scale, Optional<String> weights) {
    return switch (scale) {
      case SMOKE ->
          TestBed.of("fashion-small", model, FloatStart.plain(1))
              .ofWidth(SMOKE_WIDTH)
              .tunedOn(SMOKE_IMAGES);
      case TWO_CORE -> {
        TestBed bed = TestBed.of("cifar10", model, FloatStart.thorough(floatEpochs));
        TestBed sized = width == model.defaultWidth() ? bed : bed.ofWidth(width);
        yield weights.map(sized::startingAt).orElse(sized).tunedOn(images);
      }
    };
  }
}
