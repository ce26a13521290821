package dev.narrows.network.format;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.safetensors.SafetensorsType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.DotWeights;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.network.weights.Operands;
import dev.narrows.network.weights.PackedWeights;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Operands of dot layers in a graph: float ones where the layer makes floats. */
final class OperandsCodec {
  private OperandsCodec() {}

  static Operands read(LayerFields in) throws IOException {
    return in.output().isFloat() ? floats(in) : integers(in);
  }

  static void write(LayerNode out, Operands operands) {
    switch (operands) {
      case IntegerOperands integers -> integers(out, integers);
      case FloatOperands floats -> floats(out, floats);
    }
    operands.pinned().ifPresent(pinned -> out.node().put("pinned", pinned.toString()));
  }

  private static FloatOperands floats(LayerFields in) throws IOException {
    Fields weights = in.fields().object("weights");
    int channels = channels(in, weights);
    FloatDotWeights values =
        FloatWeightsCodec.read(in, weights, channels, weights.integer("terms"));
    weights.end();
    return new FloatOperands(
        values,
        in.fields().flag("scaled") ? in.floats(".scale", channels) : new float[0],
        in.floats(".bias", channels),
        in.fields().flag("relu"),
        pinned(in));
  }

  private static void floats(LayerNode out, FloatOperands operands) {
    int channels = operands.channels();
    ObjectNode weights = out.node().putObject("weights");
    weights.put("channels", channels).put("terms", operands.terms());
    FloatWeightsCodec.write(out, weights, operands.weights());
    out.node().put("scaled", operands.scale().length > 0);
    if (operands.scale().length > 0) {
      out.floats(".scale", operands.scale(), channels);
    }
    out.floats(".bias", operands.bias(), channels);
    out.node().put("relu", operands.relu());
  }

  private static IntegerOperands integers(LayerFields in) throws IOException {
    DotWeights weights = weights(in);
    int[] bias = in.words(".bias", in.output().channels());
    Requantization requantization = in.requantization();
    String placement = in.fields().text("bias");
    return new IntegerOperands(
        weights,
        bias,
        requantization,
        zero(in),
        switch (placement) {
          case "after" -> BiasPlacement.AFTER;
          case "preload" -> BiasPlacement.PRELOAD;
          default ->
              throw in.fields().bad("\"bias\" must be after or preload, got \"" + placement + "\"");
        },
        pinned(in));
  }

  private static void integers(LayerNode out, IntegerOperands operands) {
    weights(out, operands.weights());
    out.words(".bias", operands.bias(), operands.bias().length);
    out.requantization(operands.requantization());
    out.node().put("zero", operands.zero().toString());
    out.node().put("bias", operands.biasPlacement().toString());
  }

  private static DotWeights weights(LayerFields in) throws IOException {
    Fields fields = in.fields().object("weights");
    int channels = channels(in, fields);
    int terms = fields.integer("terms");
    int bits = fields.integer("bits");
    SafetensorsType type = type(bits);
    double[] scales = in.doubles(".scales", channels);
    if (!fields.has("group")) {
      fields.end();
      int[] values = in.ints(".weights", type, channels, terms);
      return new DenseWeights(channels, terms, bits, scales, values);
    }
    int keep = fields.integer("keep");
    int group = fields.integer("group");
    fields.end();
    if (keep < 1 || group < keep || group > 256) {
      throw fields.bad("need 1 <= keep <= group <= 256, got %d and %d".formatted(keep, group));
    }
    int kept = PackedWeights.kept(terms, keep, group);
    int[] values = in.ints(".weights", type, channels, kept);
    int[] indices = in.ints(".indices", SafetensorsType.U8, channels, kept);
    for (int i = 0; i < indices.length; i++) {
      indices[i] += i % kept / keep * group; // from inside the group to inside the channel
    }
    return new PackedWeights(channels, terms, bits, scales, keep, group, values, indices);
  }

  private static void weights(LayerNode out, DotWeights weights) {
    ObjectNode node = out.node().putObject("weights");
    node.put("channels", weights.channels()).put("terms", weights.terms());
    node.put("bits", weights.bits());
    out.doubles(".scales", weights.scales(), weights.channels());
    SafetensorsType type = type(weights.bits());
    switch (weights) {
      case DenseWeights dense ->
          out.ints(".weights", type, dense.values(), dense.channels(), dense.terms());
      case PackedWeights packed -> {
        node.put("keep", packed.keep()).put("group", packed.group());
        int kept = packed.kept();
        out.ints(".weights", type, packed.values(), packed.channels(), kept);
        int[] within = Arrays.stream(packed.indices()).map(k -> k % packed.group()).toArray();
        out.ints(".indices", SafetensorsType.U8, within, packed.channels(), kept);
      }
    }
  }

  private static SafetensorsType type(int bits) {
    return bits <= 8 ? SafetensorsType.I8 : SafetensorsType.I16;
  }

  /** The channels that weights state: those of the output. */
  private static int channels(LayerFields in, Fields weights) throws NetworkFileException {
    int channels = weights.integer("channels");
    int terms = weights.integer("terms");
    if (channels != in.output().channels() || terms < 0) {
      throw weights.bad(
          "weights must have %d channels and K >= 0, got %d and %d"
              .formatted(in.output().channels(), channels, terms));
    }
    return channels;
  }

  /** Which values the register sees. */
  static ZeroPointConvention zero(LayerFields in) throws NetworkFileException {
    String zero = in.fields().text("zero");
    return switch (zero) {
      case "offset" -> ZeroPointConvention.OFFSET;
      case "raw" -> ZeroPointConvention.RAW;
      default -> throw in.fields().bad("\"zero\" must be offset or raw, got \"" + zero + "\"");
    };
  }

  private static Optional<Summation> pinned(LayerFields in) throws NetworkFileException {
    return in.fields().has("pinned")
        ? Optional.of(Summation.parse(in.fields().text("pinned")))
        : Optional.empty();
  }
}
