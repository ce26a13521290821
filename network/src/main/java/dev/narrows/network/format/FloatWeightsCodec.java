package dev.narrows.network.format;

import dev.narrows.core.format.FloatingFormat;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.safetensors.SafetensorsType;
import dev.narrows.network.weights.FloatDotWeights;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Float weights in files: F32, or U8 codes where a format of at most eight bits says what they
 * mean.
 */
final class FloatWeightsCodec {
  private static final int CODE_BITS = 8;

  private FloatWeightsCodec() {}

  static void write(ObjectNode node, FloatingFormat format) {
    node.putObject("stored")
        .put("mantissa", format.mantissaBits())
        .put("exponent", format.exponentBits())
        .put("bias", format.bias());
  }

  /** The format a graph names, if it does. */
  static Optional<FloatingFormat> stored(Fields fields) throws NetworkFileException {
    if (!fields.has("stored")) {
      return Optional.empty();
    }
    Fields stored = fields.object("stored");
    int mantissa = stored.integer("mantissa");
    int exponent = stored.integer("exponent");
    int bias = stored.integer("bias");
    stored.end();
    try {
      return Optional.of(new FloatingFormat(mantissa, exponent, bias));
    } catch (IllegalArgumentException e) {
      throw stored.bad(e);
    }
  }

  static void write(LayerNode out, ObjectNode node, FloatDotWeights weights) {
    int channels = weights.channels();
    int terms = weights.terms();
    weights.stored().ifPresent(format -> write(node, format));
    if (weights.stored().filter(FloatWeightsCodec::small).isPresent()) {
      FloatingFormat format = weights.stored().get();
      int[] codes = new int[weights.values().length];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = format.encode(weights.values()[i]);
      }
      out.ints(".weights", SafetensorsType.U8, codes, channels, terms);
    } else {
      out.floats(".weights", weights.values(), channels, terms);
    }
  }

  static FloatDotWeights read(LayerFields in, Fields fields, int channels, int terms)
      throws IOException {
    Optional<FloatingFormat> stored = stored(fields);
    if (stored.filter(FloatWeightsCodec::small).isEmpty()) {
      float[] values = in.floats(".weights", channels, terms);
      return new FloatDotWeights(channels, terms, values, stored);
    }
    int[] codes = in.ints(".weights", SafetensorsType.U8, channels, terms);
    float[] values = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      values[i] = stored.get().decode(codes[i]);
    }
    return new FloatDotWeights(channels, terms, values, stored);
  }

  private static boolean small(FloatingFormat format) {
    return format.bits() <= CODE_BITS;
  }
}
