package dev.narrows.network.format;

import dev.narrows.core.format.FloatingFormat;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** Types of tensors in a graph. */
final class TypeCodec {
  /** What the graph calls numbers that are carried in binary32. */
  private static final String FLOAT = "float32";

  private static final Pattern FORMAT = Pattern.compile("(u?)int(\\d{1,2})");

  private TypeCodec() {}

  static TensorType read(Fields fields) throws NetworkFileException {
    int[] shape = fields.integers("shape", 3);
    String text = fields.text("format");
    Matcher format = FORMAT.matcher(text);
    if (text.equals(FLOAT)) {
      ElementKind kind = new ElementKind.Binary32(FloatWeightsCodec.stored(fields));
      fields.end();
      return type(fields, shape, kind);
    }
    if (!format.matches()) {
      throw fields.bad("\"format\" must be int<bits>, uint<bits> or float32, got \"" + text + "\"");
    }
    double scale = fields.number("scale");
    int zeroPoint = fields.integer("zeroPoint");
    fields.end();
    try {
      IntegerFormat codes =
          new IntegerFormat(Integer.parseInt(format.group(2)), format.group(1).isEmpty());
      return type(fields, shape, new ElementKind.Codes(new Quantization(codes, scale, zeroPoint)));
    } catch (IllegalArgumentException e) {
      throw fields.bad(e);
    }
  }

  private static TensorType type(Fields fields, int[] shape, ElementKind kind)
      throws NetworkFileException {
    try {
      return new TensorType(shape[0], shape[1], shape[2], kind);
    } catch (IllegalArgumentException e) {
      throw fields.bad(e);
    }
  }

  static void write(ObjectNode node, TensorType type) {
    LayerNode.integers(node, "shape", type.channels(), type.height(), type.width());
    switch (type.kind()) {
      case ElementKind.Codes(Quantization codes) -> {
        node.put("format", codes.format().toString());
        node.put("scale", codes.scale());
        node.put("zeroPoint", codes.zeroPoint());
      }
      case ElementKind.Binary32(Optional<FloatingFormat> stored) -> {
        node.put("format", FLOAT);
        stored.ifPresent(format -> FloatWeightsCodec.write(node, format));
      }
    }
  }
}
