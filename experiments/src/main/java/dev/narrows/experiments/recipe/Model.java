package dev.narrows.experiments.recipe;

import dev.narrows.experiments.input.YamlValue;

/** The networks that can be trained from scratch. */
public enum Model implements Architecture {
  /** One dense layer from pixels to classes. */
  MLP1(1),
  /** Two dense layers with a ReLU between. */
  MLP2(256),
  /** Four dense layers with ReLUs between. */
  MLP4(512),
  /** Blocks of convolution, batch norm and ReLU, one residual add. */
  CNN_SMALL(16),
  /** An hourglass: two strided convolutions, a transposed one back up, added to the first. */
  UPCONV_SMALL(16),
  /** Depthwise-separable convolutions, as in MLPerf Tiny's keyword spotting. */
  DSCNN(64),
  /** ResNet-8 of MLPerf Tiny. */
  RESNET8(16),
  /** ResNet-20 for CIFAR-10 (He et al. 2016), shortcuts by subsampling and padding (option A). */
  RESNET20(16),
  /** ResNet-18 with the stem for small images; a width of 32 is half of the usual one. */
  RESNET18(64),
  /** MobileNetV1 (Howard et al. 2017) for small images. */
  MOBILENETV1(32),
  /** MobileNetV2 (Sandler et al. 2018) for small images. */
  MOBILENETV2(32),
  /** ESPCN (Shi et al. 2016): enlarges images, channels become rows and columns. */
  ESPCN(64),
  /** A U-Net that enlarges images, with nearest-neighbour resize convolutions. */
  UNET(16),
  /** A transformer encoder of two blocks that finds masked characters of a text. */
  CHAR_ENCODER(64);

  private final int width;

  Model(int width) {
    this.width = width;
  }

  @Override
  public int defaultWidth() {
    return width;
  }

  @Override
  public boolean ofText() {
    return this == CHAR_ENCODER;
  }

  @Override
  public boolean ofFeatures() {
    return this == MLP1 || this == MLP2 || this == MLP4;
  }

  @Override
  public String title() {
    return word();
  }

  @Override
  public boolean hasWeights() {
    return false;
  }

  /** The word in recipes, such as {@code cnn-small}. */
  @Override
  public String word() {
    return YamlValue.word(this);
  }
}
