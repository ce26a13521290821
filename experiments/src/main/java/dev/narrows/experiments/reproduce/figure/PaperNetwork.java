package dev.narrows.experiments.reproduce.figure;

import dev.narrows.experiments.recipe.Model;
import dev.narrows.experiments.reproduce.figure.TestBed.FloatStart;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A network of the papers that a figure can be made on instead of its usual one. */
public enum PaperNetwork {
  /** MLPerf Tiny's. */
  RESNET8(Model.RESNET8, 16, 20, 1),
  /** The one for CIFAR-10. */
  RESNET20(Model.RESNET20, 16, 40, 1),
  /** ResNet-18 with half as many channels everywhere. */
  RESNET18_HALF(Model.RESNET18, 32, 20, 1),
  /** PQS's, A2Q's and LBA's. */
  RESNET18(Model.RESNET18, 64, 20, 1),
  /** A2Q's. */
  MOBILENETV1(Model.MOBILENETV1, 32, 20, 1),
  /** PQS's. */
  MOBILENETV2(Model.MOBILENETV2, 32, 20, 1),
  /** A2Q's, which enlarges images by 2. */
  ESPCN_X2(Model.ESPCN, 64, 80, 2),
  /** The same by 3. */
  ESPCN_X3(Model.ESPCN, 64, 80, 3),
  /** A2Q's other one, by 3. */
  UNET_X3(Model.UNET, 16, 20, 3);

  /** Those that name what an image shows. */
  public static final List<PaperNetwork> OF_CLASSES =
      List.of(RESNET8, RESNET20, RESNET18_HALF, RESNET18, MOBILENETV1, MOBILENETV2);

  /** Those that enlarge an image. */
  public static final List<PaperNetwork> ENLARGING = List.of(ESPCN_X2, ESPCN_X3, UNET_X3);

  /** Channels of every network at scale smoke. */
  private static final int SMOKE_WIDTH = 8;

  /** Training images of a run from float weights at scale two-core. */
  private static final int IMAGES = 22_528;

  /** The same where an epoch is long. */
  private static final int LARGE_IMAGES = 15_360;

  /** Training images at scale smoke. */
  private static final int SMOKE_IMAGES = 512;

  /** Images held back at scale smoke. */
  private static final int SMOKE_VALIDATION = 200;

  private final Model model;
  private final int width;
  private final int floatEpochs;

  /** How many times larger images become; 1 of networks of classes. */
  private final int factor;

  PaperNetwork(Model model, int width, int floatEpochs, int factor) {
    this.model = model;
    this.width = width;
    this.floatEpochs = floatEpochs;
    this.factor = factor;
  }

  /** What is trained. */
  public Model model() {
    return model;
  }

  /** Channels of the first layer at a scale. */
  public int width(Scale scale) {
    return scale == Scale.SMOKE ? SMOKE_WIDTH : width;
  }

  /** Epochs that its float weights are trained for at scale two-core. */
  public int floatEpochs() {
    return floatEpochs;
  }

  /** How many times larger images become; 1 if it names classes. */
  public int factor() {
    return factor;
  }

  /** The word on the command line, such as {@code resnet18-half}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The network of a word. */
  public static Optional<PaperNetwork> named(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }

  /** Words of some, for messages. */
  public static String words(List<PaperNetwork> networks) {
    return networks.stream().map(PaperNetwork::word).collect(Collectors.joining(", "));
  }

  /**
   * A network of classes with images at a scale.
   *
   * @param weights float weights for CIFAR-10, a file or the folder of a run; empty: they are
   *     trained first
   */
  TestBed at(Scale scale, Optional<String> weights) {
    return switch (scale) {
      case SMOKE ->
          TestBed.of("fashion-small", model, FloatStart.plain(1))
              .ofWidth(width(scale))
              .holdingBack(SMOKE_VALIDATION)
              .tunedOn(SMOKE_IMAGES);
      case TWO_CORE -> {
        TestBed bed = TestBed.of("cifar10", model, FloatStart.thorough(floatEpochs));
        TestBed sized = width == model.defaultWidth() ? bed : bed.ofWidth(width);
        yield weights
            .map(sized::startingAt)
            .orElse(sized)
            .tunedOn(sized.isLarge() ? LARGE_IMAGES : IMAGES);
      }
    };
  }
}
