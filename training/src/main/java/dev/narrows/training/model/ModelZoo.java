package dev.narrows.training.model;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.training.model.FloatNode.EmbeddingNode;
import dev.narrows.training.model.FloatNode.LayerNormNode;
import dev.narrows.training.model.FloatNode.PositionsNode;
import dev.narrows.training.model.MatMulNode.AttentionProduct;
import dev.narrows.training.model.Node.AddNode;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.FlattenNode;
import dev.narrows.training.model.Node.GlobalAveragePoolNode;
import dev.narrows.training.model.Node.InputNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The networks that a recipe can name. */
public final class ModelZoo {
  /** The networks of images that {@link #create} knows. */
  public static final List<String> OF_IMAGES =
      List.of(
          "mlp1",
          "mlp2",
          "mlp4",
          "cnn-small",
          "upconv-small",
          "dscnn",
          "resnet8",
          "resnet20",
          "resnet18",
          "mobilenetv1",
          "mobilenetv2");

  /** The networks that make larger images. */
  public static final List<String> TO_IMAGES = List.of("espcn", "unet");

  private static final String OF_TEXT = "char-encoder";

  private final ModelDraft nodes;
  private final FeatureMapShape input;

  private ModelZoo(String name, FeatureMapShape input) {
    this.nodes = new ModelDraft(name);
    this.input = input;
    nodes.put(new InputNode("input", input));
  }

  /**
   * Builds a network for images of the given shape, or for windows of text (1 × T × 1).
   *
   * @param width channels of the first convolution, hidden units of {@code mlp2} and {@code mlp4},
   *     or features of a character in {@code char-encoder}; ignored by {@code mlp1}
   * @param classes or, of images that are wanted, numbers of one
   * @throws BadInputException if the name is unknown, or images do not fit
   */
  public static ModelSpec create(String name, int width, FeatureMapShape input, int classes) {
    if (width < 1 || width > 4096) {
      throw new BadInputException("model: width must be in [1, 4096], got " + width);
    }
    ModelZoo zoo = new ModelZoo(name, input);
    switch (name) {
      case "mlp1" -> zoo.mlp(List.of(), classes);
      case "mlp2" -> zoo.mlp(List.of(width), classes);
      case "mlp4" -> zoo.mlp(List.of(width, width, width), classes);
      case "cnn-small" -> zoo.cnnSmall(width, classes);
      case "upconv-small" -> zoo.upconvSmall(width, classes);
      case "dscnn" -> zoo.depthwiseSeparable(width, classes);
      case "resnet8" -> zoo.resnet8(width, classes);
      case "resnet20" -> zoo.resnet20(width, classes);
      case "resnet18" -> zoo.resnet18(width, classes);
      case "mobilenetv1" ->
          zoo.mobile(MobileNetworks.first(zoo.nodes, width, input.channels()), classes);
      case "mobilenetv2" ->
          zoo.mobile(MobileNetworks.second(zoo.nodes, width, input.channels()), classes);
      case "espcn" -> EnlargingNetworks.of(name, zoo.nodes, input, classes).subpixel(width);
      case "unet" -> EnlargingNetworks.of(name, zoo.nodes, input, classes).uNet(width);
      case OF_TEXT -> zoo.charEncoder(width, classes);
      default ->
          throw new BadInputException(
              "model: unknown network '%s', expected one of %s, %s, %s"
                  .formatted(
                      name, String.join(", ", OF_IMAGES), String.join(", ", TO_IMAGES), OF_TEXT));
    }
    return zoo.nodes.model();
  }

  private void mlp(List<Integer> hidden, int classes) {
    nodes.put(new FlattenNode("flatten", "input"));
    String last = "flatten";
    int size = input.size();
    for (int i = 0; i < hidden.size(); i++) {
      String name = "fc" + (i + 1);
      nodes.put(new DenseNode(name, last, size, hidden.get(i), Optional.empty(), true));
      last = name;
      size = hidden.get(i);
    }
    nodes.put(
        new DenseNode("fc" + (hidden.size() + 1), last, size, classes, Optional.empty(), false));
  }

  /** conv(w, /2) – conv(2w, /2) – residual block(2w) – mean – dense: made for 28 × 28 grey. */
  private void cnnSmall(int width, int classes) {
    String last = conv("conv1", "bn1", "input", input.channels(), width, 3, 2, true);
    last = conv("conv2", "bn2", last, width, 2 * width, 3, 2, true);
    last = residual("block", last, 2 * width, 2 * width, 1);
    head(last, 2 * width, classes, "linear");
  }

  /**
   * conv(w, /2) – conv(2w, /2) – transposed conv(w, ×2), added to the first – conv(2w, /2) – mean –
   * dense: an hourglass, whose up-sampling is a dot product of 32 w terms.
   */
  private void upconvSmall(int width, int classes) {
    int rows = (input.height() + 1) / 2;
    int columns = (input.width() + 1) / 2;
    if (rows % 2 != 0 || columns % 2 != 0) {
      throw new BadInputException(
          "model: upconv-small needs images whose halves have even sides, got %d × %d"
              .formatted(input.height(), input.width()));
    }
    String skip = conv("conv1", "bn1", "input", input.channels(), width, 3, 2, true);
    String deep = conv("conv2", "bn2", skip, width, 2 * width, 3, 2, true);
    nodes.put(
        new TransposedConvolutionNode(
            "up", deep, 2 * width, width, 4, 2, 1, Optional.of("bn3"), false));
    nodes.put(new AddNode("add", "up", skip, true));
    String last = conv("conv3", "bn4", "add", width, 2 * width, 3, 2, true);
    head(last, 2 * width, classes, "linear");
  }

  /**
   * conv(w, /2) and four depthwise-separable pairs of w channels, after MLPerf Tiny's keyword
   * spotting.
   */
  private void depthwiseSeparable(int width, int classes) {
    String last = conv("conv1", "bn1", "input", input.channels(), width, 3, 2, true);
    for (int i = 1; i <= 4; i++) {
      String block = "block" + i;
      String depthwise = block + ".depthwise";
      nodes.put(
          new ConvolutionNode(
              depthwise,
              last,
              width,
              width,
              3,
              1,
              ZeroPadding.all(1),
              width,
              Optional.of(block + ".bn1"),
              true));
      last = conv(block + ".pointwise", block + ".bn2", depthwise, width, width, 1, 1, true);
    }
    head(last, width, classes, "linear");
  }

  /**
   * MLPerf Tiny's image classification network (v1, 32 × 32): three stacks of one block, 1 × 1
   * shortcuts.
   */
  private void resnet8(int first, int classes) {
    nodes.put(sameConv("conv1", "bn1", "input", input.channels(), first, 3, 1, input, true));
    String last = "conv1";
    FeatureMapShape size = new FeatureMapShape(first, input.height(), input.width());
    int[] widths = {first, 2 * first, 4 * first};
    for (int i = 0; i < widths.length; i++) {
      String stack = "stack" + (i + 1);
      int stride = i == 0 ? 1 : 2;
      int width = widths[i];
      nodes.put(
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
      FeatureMapShape inner =
          new FeatureMapShape(
              width, (size.height() + stride - 1) / stride, (size.width() + stride - 1) / stride);
      nodes.put(
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
        nodes.put(sameConv(shortcut, "", last, size.channels(), width, 1, stride, size, false));
      }
      nodes.put(new AddNode(stack + ".add", stack + ".conv2", shortcut, true));
      last = stack + ".add";
      size = inner;
    }
    head(last, size.channels(), classes, "dense");
  }

  /**
   * ResNet-20 of He et al. 2016, §4.2, with option-A shortcuts and the parameter names of
   * akamaster's PyTorch version.
   */
  private void resnet20(int first, int classes) {
    String last = conv("conv1", "bn1", "input", input.channels(), first, 3, 1, true);
    int channels = first;
    for (int stage = 1; stage <= 3; stage++) {
      int width = first << (stage - 1);
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

  /**
   * ResNet-18 of He et al. 2016 with the stem that is usual for CIFAR-10: a 3 × 3 convolution that
   * keeps the image's size, and no pooling. Shortcuts are 1 × 1 convolutions (option B).
   */
  private void resnet18(int first, int classes) {
    String last = conv("conv1", "bn1", "input", input.channels(), first, 3, 1, true);
    int channels = first;
    for (int stage = 1; stage <= 4; stage++) {
      int width = first << (stage - 1);
      for (int block = 0; block < 2; block++) {
        int stride = stage > 1 && block == 0 ? 2 : 1;
        last = projected("layer" + stage + "." + block, last, channels, width, stride);
        channels = width;
      }
    }
    head(last, channels, classes, "linear");
  }

  private String projected(String block, String last, int channels, int width, int stride) {
    String inner = conv(block + ".conv1", block + ".bn1", last, channels, width, 3, stride, true);
    String branch = conv(block + ".conv2", block + ".bn2", inner, width, width, 3, 1, false);
    String shortcut =
        stride == 1 && channels == width
            ? last
            : conv(block + ".shortcut", block + ".bn3", last, channels, width, 1, stride, false);
    nodes.put(new AddNode(block + ".add", branch, shortcut, true));
    return block + ".add";
  }

  private void mobile(MobileNetworks made, int classes) {
    head(made.last(), made.channels(), classes, "linear");
  }

  private static final int HEADS = 4;
  private static final int BLOCKS = 2;

  /**
   * A transformer encoder over characters: two blocks of attention (four heads) and a feed-forward
   * layer of 4 w, each behind a layer norm, then class scores for every place. The input may hold a
   * mask, whose id comes after the last character's.
   */
  private void charEncoder(int width, int classes) {
    if (width % HEADS != 0) {
      throw new BadInputException(
          "model: char-encoder needs a width that %d heads divide, got %d".formatted(HEADS, width));
    }
    nodes.put(new EmbeddingNode("embedding", "input", classes + 1, width));
    nodes.put(new PositionsNode("positions", "embedding"));
    String last = "positions";
    for (int block = 0; block < BLOCKS; block++) {
      last = attention("block" + block + ".attention.", last, width);
      last = feedForward("block" + block + ".feed.", last, width);
    }
    nodes.put(new LayerNormNode("norm", last));
    each("classifier", "norm", width, classes);
  }

  private String attention(String name, String from, int width) {
    nodes.put(new LayerNormNode(name + "norm", from));
    String query = each(name + "query", name + "norm", width, width);
    String key = each(name + "key", name + "norm", width, width);
    String value = each(name + "value", name + "norm", width, width);
    nodes.put(new MatMulNode(name + "scores", query, key, AttentionProduct.SCORES, HEADS));
    float scale = (float) (1 / Math.sqrt((double) width / HEADS));
    function(name + "scores", type -> new Softmax(name + "weights", 0, type, scale, false));
    nodes.put(new MatMulNode(name + "mix", name + "weights", value, AttentionProduct.MIX, HEADS));
    String out = each(name + "output", name + "mix", width, width);
    nodes.put(new AddNode(name + "residual", from, out, false));
    return name + "residual";
  }

  private String feedForward(String name, String from, int width) {
    nodes.put(new LayerNormNode(name + "norm", from));
    String up = each(name + "up", name + "norm", width, 4 * width);
    String gelu =
        function(up, type -> new Activation(name + "gelu", 0, type, Activation.Function.GELU));
    String down = each(name + "down", gelu, 4 * width, width);
    nodes.put(new AddNode(name + "residual", from, down, false));
    return name + "residual";
  }

  /** A dense layer of every position by itself. */
  private String each(String name, String from, int channels, int outputs) {
    nodes.put(
        new ConvolutionNode(
            name, from, channels, outputs, 1, 1, ZeroPadding.NONE, 1, Optional.empty(), false));
    return name;
  }

  private String residual(String block, String last, int channels, int width, int stride) {
    String inner = conv(block + ".conv1", block + ".bn1", last, channels, width, 3, stride, true);
    String branch = conv(block + ".conv2", block + ".bn2", inner, width, width, 3, 1, false);
    String shortcut = last;
    if (stride > 1 || channels != width) {
      shortcut = block + ".shortcut";
      padded(shortcut, last, stride, width - channels);
    }
    nodes.put(new AddNode(block + ".add", branch, shortcut, true));
    return block + ".add";
  }

  /** Every {@code stride}-th row and column, and channels of zeros at both ends. */
  private void padded(String name, String from, int stride, int channels) {
    FeatureMapShape in = nodes.shape(from);
    int height = Math.ceilDiv(in.height(), stride);
    int width = Math.ceilDiv(in.width(), stride);
    TensorType picked = TensorType.floats(in.channels(), height, width);
    String part =
        stride == 1
            ? from
            : put(from, new Subsample(name + ".subsample", 0, picked, stride, stride));
    TensorType to = TensorType.floats(in.channels() + channels, height, width);
    put(part, new ChannelPad(name, 0, to, channels / 2, channels - channels / 2));
  }

  /** A function of one tensor, of that tensor's shape. */
  private String function(String from, Function<TensorType, FunctionLayer> layer) {
    return put(from, layer.apply(nodes.shape(from).floats()));
  }

  private String put(String from, FunctionLayer layer) {
    return nodes.put(new ImportedNode(layer.name(), List.of(from), layer));
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
    nodes.put(
        ConvolutionNode.padded(
            name, from, channels, width, kernel, stride, Optional.of(norm), relu));
    return name;
  }

  private static ConvolutionNode sameConv(
      String name,
      String norm,
      String from,
      int channels,
      int width,
      int kernel,
      int stride,
      FeatureMapShape size,
      boolean relu) {
    return new ConvolutionNode(
        name,
        from,
        channels,
        width,
        kernel,
        stride,
        ZeroPadding.same(size.height(), size.width(), kernel, stride),
        1,
        norm.isEmpty() ? Optional.empty() : Optional.of(norm),
        relu);
  }

  private void head(String last, int channels, int classes, String name) {
    nodes.put(new GlobalAveragePoolNode("pool", last));
    nodes.put(new DenseNode(name, "pool", channels, classes, Optional.empty(), false));
  }
}
