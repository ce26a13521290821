package dev.narrows.network.format;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.ShortMultiplier;
import dev.narrows.core.quantize.Thresholds;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.IntegerSoftmax;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.Multiply;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.WideSoftmax;
import dev.narrows.network.layer.Window;
import dev.narrows.network.safetensors.SafetensorsFile;
import dev.narrows.network.safetensors.SafetensorsType;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.DotWeights;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.FloatWeights;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.network.weights.Operands;
import dev.narrows.network.weights.PackedWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A network from its graph in JSON and the tensors of its file. */
final class GraphReader {
  static final String GRAPH = "network";
  static final String SCHEMA = "narrows/network/";

  /** The newest version; 2 added real numbers. */
  static final int VERSION = 2;

  private static final int MAX_GRAPH = 1 << 24;
  private static final Pattern SCHEMA_TEXT = Pattern.compile(SCHEMA + "(\\d{1,9})");
  private static final Pattern FORMAT = Pattern.compile("(u?)int(\\d{1,2})");
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(8)
                          .maxNumberLength(40)
                          .maxStringLength(1 << 20)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;
  private final LayerTensors tensors;

  GraphReader(Path file, SafetensorsFile tensors) {
    this.file = file;
    this.tensors = new LayerTensors(file, tensors);
  }

  Network read(String graph) throws IOException {
    if (graph.length() > MAX_GRAPH) {
      throw new NetworkFileException(
          file, "graph", "longer than %d characters".formatted(MAX_GRAPH));
    }
    JsonNode root;
    try {
      root = JSON.readTree(graph);
    } catch (JacksonException e) {
      throw new NetworkFileException(file, "graph", "not valid JSON: " + e.getOriginalMessage(), e);
    }
    Fields fields = new Fields(file, "graph", root);
    requireVersion(fields);
    String name = fields.text("name");
    TensorType input = type(fields.object("input"));
    Map<String, String> metadata = fields.texts("metadata");
    List<Layer> layers = new ArrayList<>();
    for (Fields layer : fields.objects("layers")) {
      layers.add(layer(layer));
    }
    fields.end();
    tensors.requireAllRead();
    try {
      return new Network(name, input, layers, metadata);
    } catch (IllegalArgumentException e) {
      throw fields.bad(e);
    }
  }

  private static void requireVersion(Fields fields) throws NetworkFileException {
    String schema = fields.text("schema");
    Matcher matcher = SCHEMA_TEXT.matcher(schema);
    if (!matcher.matches()) {
      throw fields.bad(
          "\"schema\" must be \"%s%d\", got \"%s\"".formatted(SCHEMA, VERSION, schema));
    }
    int version = Integer.parseInt(matcher.group(1));
    if (version < 1 || version > VERSION) {
      throw fields.bad(
          "\"schema\" is \"%s\", of another version of Narrows; this one reads \"%s1\" to \"%s%d\""
              .formatted(schema, SCHEMA, SCHEMA, VERSION));
    }
  }

  private Layer layer(Fields fields) throws IOException {
    String name = fields.text("name");
    String kind = fields.text("kind");
    TensorType output = type(fields.object("output"));
    try {
      Layer layer = layer(fields, name, kind, output);
      fields.end();
      return layer;
    } catch (IllegalArgumentException e) {
      throw fields.bad(e);
    }
  }

  private Layer layer(Fields fields, String name, String kind, TensorType output)
      throws IOException {
    int[] inputs =
        switch (kind) {
          case "rearrange" -> fields.integers("inputs");
          case "add", "subtract", "multiply" -> fields.integers("inputs", 2);
          case "constant" -> fields.integers("inputs", 0);
          default -> fields.integers("inputs", FloatLayerReader.inputs(kind));
        };
    int input = inputs.length == 0 ? 0 : inputs[0];
    return switch (kind) {
      case "conv2d" ->
          new Convolution(
              name,
              input,
              output,
              window(fields),
              fields.integer("groups"),
              operands(fields, name, output));
      case "transposeConv2d" ->
          new TransposedConvolution(
              name,
              input,
              output,
              window(fields),
              fields.integer("groups"),
              operands(fields, name, output));
      case "dense" -> new Dense(name, input, output, operands(fields, name, output));
      case "maxPool" -> new MaxPool(name, input, output, window(fields));
      case "averagePool" ->
          new AveragePool(
              name,
              input,
              output,
              window(fields),
              requantization(fields, name, output),
              fields.has("zero") ? zero(fields) : ZeroPointConvention.OFFSET);
      case "add", "subtract" ->
          new Add(
              name,
              input,
              inputs[1],
              output,
              factor(fields.object("leftMultiplier")),
              factor(fields.object("rightMultiplier")),
              factor(fields.object("outputMultiplier")),
              fields.has("leftShift") ? fields.integer("leftShift") : Add.LEFT_SHIFT,
              kind.equals("subtract"),
              fields.integer("min"),
              fields.integer("max"));
      case "multiply" ->
          new Multiply(
              name,
              input,
              inputs[1],
              output,
              factor(fields.object("multiplier")),
              fields.integer("min"),
              fields.integer("max"));
      case "constant" -> constant(name, output);
      case "rescale" -> new Rescale(name, input, output, requantization(fields, name, output));
      case "resizeNearest", "resizeBilinear" ->
          new Resize(
              name,
              input,
              output,
              kind.equals("resizeNearest") ? Resize.Method.NEAREST : Resize.Method.BILINEAR,
              fields.flag("alignCorners"),
              fields.flag("halfPixelCenters"));
      case "clamp" -> new Clamp(name, input, output, fields.integer("min"), fields.integer("max"));
      case "subsample" -> {
        int[] stride = fields.integers("stride", 2);
        yield new Subsample(name, input, output, stride[0], stride[1]);
      }
      case "channelPad" ->
          new ChannelPad(name, input, output, fields.integer("before"), fields.integer("after"));
      case "flatten" -> new Flatten(name, input, output);
      case "quantize" -> new Quantize(name, input, output);
      case "rearrange" -> rearrange(fields, name, inputs, output);
      case "codeTable" ->
          new CodeTable(name, input, output, fields.flag("signed"), table(fields, name));
      case "wideSoftmax" -> new WideSoftmax(name, input, output, factor(fields.object("factor")));
      case "integerSoftmax" ->
          new IntegerSoftmax(
              name, input, output, factor(fields.object("factor")), fields.integer("least"));
      case "matmul" ->
          output.isFloat()
              ? new FloatLayerReader(tensors).read(fields, name, kind, inputs, output)
              : new IntegerMatMul(
                  name,
                  input,
                  inputs[1],
                  output,
                  fields.integer("heads"),
                  requantization(fields, name, output));
      default -> new FloatLayerReader(tensors).read(fields, name, kind, inputs, output);
    };
  }

  private int[] table(Fields fields, String name) throws IOException {
    return fields.has("table")
        ? fields.integers("table")
        : tensors.ints(name + ".table", SafetensorsType.I32, CodeTable.LONG);
  }

  private static Rearrange rearrange(Fields fields, String name, int[] inputs, TensorType output)
      throws NetworkFileException {
    List<Rearrange.Axis> axes = new ArrayList<>();
    for (Fields field : fields.objects("axes")) {
      int[] axis = field.integers("axis", 4);
      field.end();
      axes.add(new Rearrange.Axis(axis[0], axis[1], axis[2], axis[3]));
    }
    return new Rearrange(
        name, Arrays.stream(inputs).boxed().toList(), output, fields.integer("base"), axes);
  }

  private Constant constant(String name, TensorType type) throws IOException {
    int[] shape = {type.channels(), type.height(), type.width()};
    return type.isFloat()
        ? Constant.of(name, type, tensors.floats(name + ".words", shape))
        : new Constant(name, type, tensors.ints(name + ".words", SafetensorsType.I32, shape));
  }

  private Operands operands(Fields fields, String name, TensorType output) throws IOException {
    return output.isFloat() ? floats(fields, name, output) : integers(fields, name, output);
  }

  private FloatOperands floats(Fields fields, String name, TensorType output) throws IOException {
    Fields weights = fields.object("weights");
    int channels = channels(weights, output);
    int terms = weights.integer("terms");
    FloatWeights values = FloatCodes.weights(weights, tensors, name, channels, terms);
    weights.end();
    return new FloatOperands(
        values,
        fields.flag("scaled") ? tensors.floats(name + ".scale", channels) : new float[0],
        tensors.floats(name + ".bias", channels),
        fields.flag("relu"),
        pinned(fields));
  }

  private static Optional<Summation> pinned(Fields fields) throws NetworkFileException {
    return fields.has("pinned")
        ? Optional.of(Summation.parse(fields.text("pinned")))
        : Optional.empty();
  }

  /** The channels that weights state: those of the output. */
  private static int channels(Fields weights, TensorType output) throws NetworkFileException {
    int channels = weights.integer("channels");
    int terms = weights.integer("terms");
    if (channels != output.channels() || terms < 0) {
      throw weights.bad(
          "weights must have %d channels and K >= 0, got %d and %d"
              .formatted(output.channels(), channels, terms));
    }
    return channels;
  }

  private IntegerOperands integers(Fields fields, String name, TensorType output)
      throws IOException {
    DotWeights weights = weights(fields.object("weights"), name, output);
    int[] bias = tensors.ints(name + ".bias", SafetensorsType.I32, output.channels());
    Requantization requantization = requantization(fields, name, output);
    String placement = fields.text("bias");
    return new IntegerOperands(
        weights,
        bias,
        requantization,
        zero(fields),
        switch (placement) {
          case "after" -> BiasPlacement.AFTER;
          case "preload" -> BiasPlacement.PRELOAD;
          default ->
              throw fields.bad("\"bias\" must be after or preload, got \"" + placement + "\"");
        },
        pinned(fields));
  }

  private static ZeroPointConvention zero(Fields fields) throws NetworkFileException {
    String zero = fields.text("zero");
    return switch (zero) {
      case "offset" -> ZeroPointConvention.OFFSET;
      case "raw" -> ZeroPointConvention.RAW;
      default -> throw fields.bad("\"zero\" must be offset or raw, got \"" + zero + "\"");
    };
  }

  private DotWeights weights(Fields fields, String name, TensorType output) throws IOException {
    int channels = channels(fields, output);
    int terms = fields.integer("terms");
    int bits = fields.integer("bits");
    SafetensorsType type = bits <= 8 ? SafetensorsType.I8 : SafetensorsType.I16;
    double[] scales = tensors.doubles(name + ".scales", channels);
    if (!fields.has("group")) {
      fields.end();
      int[] values = tensors.ints(name + ".weights", type, channels, terms);
      return new DenseWeights(channels, terms, bits, scales, values);
    }
    int keep = fields.integer("keep");
    int group = fields.integer("group");
    fields.end();
    if (keep < 1 || group < keep || group > 256) {
      throw fields.bad("need 1 <= keep <= group <= 256, got %d and %d".formatted(keep, group));
    }
    int kept = PackedWeights.kept(terms, keep, group);
    int[] values = tensors.ints(name + ".weights", type, channels, kept);
    int[] indices = tensors.ints(name + ".indices", SafetensorsType.U8, channels, kept);
    for (int i = 0; i < indices.length; i++) {
      indices[i] += i % kept / keep * group; // from inside the group to inside the channel
    }
    return new PackedWeights(channels, terms, bits, scales, keep, group, values, indices);
  }

  private Requantization requantization(Fields layer, String name, TensorType output)
      throws IOException {
    Fields fields = layer.object("requantization");
    String form = fields.text("form");
    int channels = fields.integer("channels");
    if (channels != 1 && channels != output.channels()) {
      throw fields.bad(
          "\"channels\" must be 1 or %d, got %d".formatted(output.channels(), channels));
    }
    Requantization requantization =
        switch (form) {
          case "fixedPointMultiplier" ->
              new FixedPointMultiplier(
                  tensors.ints(name + ".multipliers", SafetensorsType.I32, channels),
                  tensors.ints(name + ".shifts", SafetensorsType.I8, channels),
                  fields.integer("zeroPoint"),
                  fields.integer("min"),
                  fields.integer("max"));
          case "shortMultiplier" ->
              new ShortMultiplier(
                  tensors.ints(name + ".multipliers", SafetensorsType.I16, channels),
                  tensors.ints(name + ".shifts", SafetensorsType.I8, channels),
                  fields.integer("zeroPoint"),
                  fields.integer("min"),
                  fields.integer("max"));
          case "floatScale" ->
              new FloatScale(
                  tensors.floats(name + ".factors", channels),
                  fields.integer("zeroPoint"),
                  fields.integer("min"),
                  fields.integer("max"));
          case "doubleScale" ->
              new DoubleScale(
                  tensors.doubles(name + ".factors", channels),
                  fields.integer("zeroPoint"),
                  fields.integer("min"),
                  fields.integer("max"));
          case "integerMean" ->
              new IntegerMean(
                  fields.integer("count"),
                  fields.integer("zeroPoint"),
                  fields.integer("min"),
                  fields.integer("max"));
          case "thresholds" -> {
            int count = fields.integer("count");
            long[] flat = tensors.longs(name + ".thresholds", channels, count);
            long[][] rows = new long[channels][count];
            for (int i = 0; i < flat.length; i++) {
              rows[i / count][i % count] = flat[i];
            }
            yield new Thresholds(rows, fields.integer("offset"));
          }
          default -> throw fields.bad("unknown form \"" + form + "\"");
        };
    fields.end();
    return requantization;
  }

  private static TensorType type(Fields fields) throws NetworkFileException {
    int[] shape = fields.integers("shape", 3);
    String text = fields.text("format");
    if (text.equals(FloatCodes.FLOAT)) {
      ElementKind kind = new ElementKind.Floats(FloatCodes.stored(fields));
      fields.end();
      return real(fields, shape, kind);
    }
    Matcher format = FORMAT.matcher(text);
    if (!format.matches()) {
      throw fields.bad("\"format\" must be int<bits>, uint<bits> or float32, got \"" + text + "\"");
    }
    double scale = fields.number("scale");
    int zeroPoint = fields.integer("zeroPoint");
    fields.end();
    try {
      return new TensorType(
          shape[0],
          shape[1],
          shape[2],
          new Quantization(
              new IntegerFormat(Integer.parseInt(format.group(2)), format.group(1).isEmpty()),
              scale,
              zeroPoint));
    } catch (IllegalArgumentException e) {
      throw fields.bad(e);
    }
  }

  private static TensorType real(Fields fields, int[] shape, ElementKind kind)
      throws NetworkFileException {
    try {
      return new TensorType(shape[0], shape[1], shape[2], kind);
    } catch (IllegalArgumentException e) {
      throw fields.bad(e);
    }
  }

  static Window window(Fields layer) throws NetworkFileException {
    Fields fields = layer.object("window");
    int[] kernel = fields.integers("kernel", 2);
    int[] stride = fields.integers("stride", 2);
    int[] dilation = fields.integers("dilation", 2);
    int[] padding = fields.integers("padding", 4);
    fields.end();
    return new Window(
        kernel[0],
        kernel[1],
        stride[0],
        stride[1],
        dilation[0],
        dilation[1],
        padding[0],
        padding[1],
        padding[2],
        padding[3]);
  }

  private static FixedPoint factor(Fields fields) throws NetworkFileException {
    FixedPoint factor = new FixedPoint(fields.integer("multiplier"), fields.integer("shift"));
    fields.end();
    return factor;
  }
}
