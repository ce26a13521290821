package dev.narrows.network.format;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.FloatingFormat;
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
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.FloatLayer;
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
import dev.narrows.network.safetensors.SafetensorsType;
import dev.narrows.network.safetensors.SafetensorsWriter;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.DotWeights;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.network.weights.Operands;
import dev.narrows.network.weights.PackedWeights;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A network's graph as JSON; arrays go to tensors of the file. */
final class GraphWriter {
  private static final JsonMapper JSON = new JsonMapper();

  private final SafetensorsWriter tensors;

  GraphWriter(SafetensorsWriter tensors) {
    this.tensors = tensors;
  }

  String write(Network network) {
    ObjectNode root = JSON.createObjectNode();
    root.put("schema", GraphReader.SCHEMA + (holdsFloats(network) ? 2 : 1));
    root.put("name", network.name());
    type(root.putObject("input"), network.input());
    ObjectNode metadata = root.putObject("metadata");
    new TreeMap<>(network.metadata()).forEach(metadata::put); // one order, so one text
    ArrayNode layers = root.putArray("layers");
    for (Layer layer : network.layers()) {
      layer(layers.addObject(), layer);
    }
    return JSON.writeValueAsString(root);
  }

  /** Networks of integers keep the first version, so that older programs read them. */
  private static boolean holdsFloats(Network network) {
    return IntStream.range(0, network.tensors()).anyMatch(t -> network.tensor(t).isFloat());
  }

  private void layer(ObjectNode node, Layer layer) {
    node.put("name", layer.name());
    node.put("kind", layer instanceof Convolution ? "conv2d" : layer.kind());
    integers(node, "inputs", layer.inputs().stream().mapToInt(i -> i).toArray());
    type(node.putObject("output"), layer.output());
    switch (layer) {
      case Convolution c -> {
        window(node, c.window());
        node.put("groups", c.groups());
        operands(node, c.name(), c.operands());
      }
      case TransposedConvolution t -> {
        window(node, t.window());
        node.put("groups", t.groups());
        operands(node, t.name(), t.operands());
      }
      case Dense d -> operands(node, d.name(), d.operands());
      case FloatLayer real -> new FloatLayerWriter(tensors).write(node, real);
      case IntegerMatMul m -> {
        node.put("heads", m.heads());
        requantization(node, m.name(), m.requantization());
      }
      case MaxPool p -> window(node, p.window());
      case AveragePool p -> {
        window(node, p.window());
        requantization(node, p.name(), p.requantization());
        if (p.zero() == ZeroPointConvention.RAW) { // older programs read what has the default
          node.put("zero", p.zero().toString());
        }
      }
      case Add a -> {
        factor(node, "leftMultiplier", a.leftMultiplier());
        factor(node, "rightMultiplier", a.rightMultiplier());
        factor(node, "outputMultiplier", a.outputMultiplier());
        if (a.leftShift() != Add.LEFT_SHIFT) { // older programs read what has the default
          node.put("leftShift", a.leftShift());
        }
        node.put("min", a.min()).put("max", a.max());
      }
      case Multiply m -> {
        factor(node, "multiplier", m.multiplier());
        node.put("min", m.min()).put("max", m.max());
      }
      case Constant c -> constant(c);
      case Rescale r -> requantization(node, r.name(), r.requantization());
      case Resize r ->
          node.put("alignCorners", r.alignCorners()).put("halfPixelCenters", r.halfPixelCenters());
      case Clamp c -> node.put("min", c.min()).put("max", c.max());
      case Subsample s -> integers(node, "stride", s.strideHeight(), s.strideWidth());
      case ChannelPad p -> node.put("before", p.before()).put("after", p.after());
      case Flatten _, Quantize _ -> {}
      case Rearrange r -> {
        node.put("base", r.base());
        ArrayNode axes = node.putArray("axes");
        for (Rearrange.Axis axis : r.axes()) {
          integers(
              axes.addObject(), "axis", axis.size(), axis.before(), axis.inside(), axis.step());
        }
      }
      case CodeTable t -> {
        node.put("signed", t.signed());
        if (t.table().length > CodeTable.SHORT) {
          tensors.ints(t.name() + ".table", SafetensorsType.I32, t.table(), t.table().length);
        } else {
          integers(node, "table", t.table());
        }
      }
      case WideSoftmax s -> factor(node, "factor", s.factor());
      case IntegerSoftmax s -> {
        factor(node, "factor", s.factor());
        node.put("least", s.least());
      }
    }
  }

  private void constant(Constant constant) {
    TensorType type = constant.output();
    String name = constant.name() + ".words";
    int[] shape = {type.channels(), type.height(), type.width()};
    if (type.isFloat()) {
      tensors.floats(name, constant.numbers(), shape);
    } else {
      tensors.ints(name, SafetensorsType.I32, constant.words(), shape);
    }
  }

  private void operands(ObjectNode node, String name, Operands operands) {
    switch (operands) {
      case IntegerOperands integers -> integers(node, name, integers);
      case FloatOperands floats -> floats(node, name, floats);
    }
    operands.pinned().ifPresent(pinned -> node.put("pinned", pinned.toString()));
  }

  private void floats(ObjectNode node, String name, FloatOperands operands) {
    int channels = operands.channels();
    ObjectNode weights = node.putObject("weights");
    weights.put("channels", channels).put("terms", operands.terms());
    FloatCodes.write(weights, tensors, name, operands.weights());
    node.put("scaled", operands.scale().length > 0);
    if (operands.scale().length > 0) {
      tensors.floats(name + ".scale", operands.scale(), channels);
    }
    tensors.floats(name + ".bias", operands.bias(), channels);
    node.put("relu", operands.relu());
  }

  private void integers(ObjectNode node, String name, IntegerOperands operands) {
    weights(node.putObject("weights"), name, operands.weights());
    int[] bias = operands.bias();
    tensors.ints(name + ".bias", SafetensorsType.I32, bias, bias.length);
    requantization(node, name, operands.requantization());
    node.put("zero", operands.zero().toString());
    node.put("bias", operands.biasPlacement().toString());
  }

  private void weights(ObjectNode node, String name, DotWeights weights) {
    node.put("channels", weights.channels()).put("terms", weights.terms());
    node.put("bits", weights.bits());
    tensors.doubles(name + ".scales", weights.scales(), weights.channels());
    SafetensorsType type = weights.bits() <= 8 ? SafetensorsType.I8 : SafetensorsType.I16;
    switch (weights) {
      case DenseWeights dense ->
          tensors.ints(name + ".weights", type, dense.values(), dense.channels(), dense.terms());
      case PackedWeights packed -> {
        node.put("keep", packed.keep()).put("group", packed.group());
        int kept = packed.kept();
        tensors.ints(name + ".weights", type, packed.values(), packed.channels(), kept);
        int[] within = Arrays.stream(packed.indices()).map(k -> k % packed.group()).toArray();
        tensors.ints(name + ".indices", SafetensorsType.U8, within, packed.channels(), kept);
      }
    }
  }

  private void requantization(ObjectNode parent, String name, Requantization requantization) {
    ObjectNode node = parent.putObject("requantization");
    int channels = requantization.channels();
    switch (requantization) {
      case FixedPointMultiplier fixed -> {
        node.put("form", "fixedPointMultiplier").put("channels", channels);
        node.put("zeroPoint", fixed.zeroPoint()).put("min", fixed.min()).put("max", fixed.max());
        tensors.ints(name + ".multipliers", SafetensorsType.I32, fixed.multipliers(), channels);
        tensors.ints(name + ".shifts", SafetensorsType.I8, fixed.shifts(), channels);
      }
      case ShortMultiplier factor -> {
        node.put("form", "shortMultiplier").put("channels", channels);
        node.put("zeroPoint", factor.zeroPoint()).put("min", factor.min()).put("max", factor.max());
        tensors.ints(name + ".multipliers", SafetensorsType.I16, factor.multipliers(), channels);
        tensors.ints(name + ".shifts", SafetensorsType.I8, factor.shifts(), channels);
      }
      case FloatScale scale -> {
        node.put("form", "floatScale").put("channels", channels);
        node.put("zeroPoint", scale.zeroPoint()).put("min", scale.min()).put("max", scale.max());
        tensors.floats(name + ".factors", scale.scales(), channels);
      }
      case DoubleScale scale -> {
        node.put("form", "doubleScale").put("channels", channels);
        node.put("zeroPoint", scale.zeroPoint()).put("min", scale.min()).put("max", scale.max());
        tensors.doubles(name + ".factors", scale.scales(), channels);
      }
      case IntegerMean mean -> {
        node.put("form", "integerMean").put("channels", channels).put("count", mean.count());
        node.put("zeroPoint", mean.zeroPoint()).put("min", mean.min()).put("max", mean.max());
      }
      case Thresholds rows -> {
        node.put("form", "thresholds").put("channels", channels);
        int count = rows.thresholds()[0].length;
        node.put("count", count).put("offset", rows.offset());
        long[] flat = Arrays.stream(rows.thresholds()).flatMapToLong(Arrays::stream).toArray();
        tensors.longs(name + ".thresholds", flat, channels, count);
      }
    }
  }

  private static void type(ObjectNode node, TensorType type) {
    integers(node, "shape", type.channels(), type.height(), type.width());
    switch (type.kind()) {
      case ElementKind.Codes(Quantization codes) -> {
        node.put("format", codes.format().toString());
        node.put("scale", codes.scale());
        node.put("zeroPoint", codes.zeroPoint());
      }
      case ElementKind.Floats(Optional<FloatingFormat> stored) -> {
        node.put("format", FloatCodes.FLOAT);
        stored.ifPresent(format -> FloatCodes.write(node, format));
      }
    }
  }

  static void window(ObjectNode parent, Window w) {
    ObjectNode node = parent.putObject("window");
    integers(node, "kernel", w.kernelHeight(), w.kernelWidth());
    integers(node, "stride", w.strideHeight(), w.strideWidth());
    integers(node, "dilation", w.dilationHeight(), w.dilationWidth());
    integers(node, "padding", w.padTop(), w.padBottom(), w.padLeft(), w.padRight());
  }

  private static void factor(ObjectNode node, String key, FixedPoint factor) {
    node.putObject(key).put("multiplier", factor.multiplier()).put("shift", factor.shift());
  }

  private static void integers(ObjectNode node, String key, int... values) {
    ArrayNode array = node.putArray(key);
    IntStream.of(values).forEach(array::add);
  }
}
