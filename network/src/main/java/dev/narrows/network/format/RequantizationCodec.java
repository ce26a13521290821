package dev.narrows.network.format;

import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.ShortMultiplier;
import dev.narrows.core.quantize.Thresholds;
import dev.narrows.network.safetensors.SafetensorsType;
import java.io.IOException;
import java.util.Arrays;
import tools.jackson.databind.node.ObjectNode;

/** Requantisations in a graph: their form in words, their numbers a channel in tensors. */
final class RequantizationCodec {
  private RequantizationCodec() {}

  static Requantization read(LayerFields in) throws IOException {
    Fields fields = in.fields().object("requantization");
    String form = fields.text("form");
    int channels = fields.integer("channels");
    if (channels != 1 && channels != in.output().channels()) {
      throw fields.bad(
          "\"channels\" must be 1 or %d, got %d".formatted(in.output().channels(), channels));
    }
    Requantization requantization =
        switch (form) {
          case "fixedPointMultiplier" ->
              new FixedPointMultiplier(
                  in.words(".multipliers", channels),
                  in.ints(".shifts", SafetensorsType.I8, channels),
                  fields.integer("zeroPoint"),
                  fields.integer("min"),
                  fields.integer("max"));
          case "shortMultiplier" ->
              new ShortMultiplier(
                  in.ints(".multipliers", SafetensorsType.I16, channels),
                  in.ints(".shifts", SafetensorsType.I8, channels),
                  fields.integer("zeroPoint"),
                  fields.integer("min"),
                  fields.integer("max"));
          case "floatScale" ->
              new FloatScale(
                  in.floats(".factors", channels),
                  fields.integer("zeroPoint"),
                  fields.integer("min"),
                  fields.integer("max"));
          case "doubleScale" ->
              new DoubleScale(
                  in.doubles(".factors", channels),
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
            long[] flat = in.longs(".thresholds", channels, count);
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

  static void write(LayerNode out, Requantization requantization) {
    ObjectNode node = out.node().putObject("requantization");
    int channels = requantization.channels();
    switch (requantization) {
      case FixedPointMultiplier fixed -> {
        node.put("form", "fixedPointMultiplier").put("channels", channels);
        node.put("zeroPoint", fixed.zeroPoint()).put("min", fixed.min()).put("max", fixed.max());
        out.words(".multipliers", fixed.multipliers(), channels);
        out.ints(".shifts", SafetensorsType.I8, fixed.shifts(), channels);
      }
      case ShortMultiplier factor -> {
        node.put("form", "shortMultiplier").put("channels", channels);
        node.put("zeroPoint", factor.zeroPoint()).put("min", factor.min()).put("max", factor.max());
        out.ints(".multipliers", SafetensorsType.I16, factor.multipliers(), channels);
        out.ints(".shifts", SafetensorsType.I8, factor.shifts(), channels);
      }
      case FloatScale scale -> {
        node.put("form", "floatScale").put("channels", channels);
        node.put("zeroPoint", scale.zeroPoint()).put("min", scale.min()).put("max", scale.max());
        out.floats(".factors", scale.scales(), channels);
      }
      case DoubleScale scale -> {
        node.put("form", "doubleScale").put("channels", channels);
        node.put("zeroPoint", scale.zeroPoint()).put("min", scale.min()).put("max", scale.max());
        out.doubles(".factors", scale.scales(), channels);
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
        out.longs(".thresholds", flat, channels, count);
      }
    }
  }
}
