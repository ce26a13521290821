package dev.narrows.network.onnx.write;

import com.google.protobuf.ByteString;
import dev.narrows.network.layer.Window;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.AttributeProto.AttributeType;
import java.util.List;

/** Attributes of nodes. */
final class Attributes {
  private Attributes() {}

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  static AttributeProto real(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeProto kernel(Window w) {
    return integers("kernel_shape", w.kernelHeight(), w.kernelWidth());
  }

  static AttributeProto strides(Window w) {
    return integers("strides", w.strideHeight(), w.strideWidth());
  }

  static AttributeProto dilations(Window w) {
    return integers("dilations", w.dilationHeight(), w.dilationWidth());
  }

  /** Kernel, strides, dilations and padding. */
  static List<AttributeProto> window(Window w) {
    return List.of(kernel(w), strides(w), dilations(w), pads(w));
  }

  /**
   * Kernel, strides and padding, and dilations if there are any: pools of some runtimes have none.
   */
  static List<AttributeProto> poolWindow(Window w) {
    boolean dilated = w.dilationHeight() != 1 || w.dilationWidth() != 1;
    return dilated ? window(w) : List.of(kernel(w), strides(w), pads(w));
  }

  /** All begins, then all ends. */
  static AttributeProto pads(Window w) {
    return integers("pads", w.padTop(), w.padLeft(), w.padBottom(), w.padRight());
  }
}
