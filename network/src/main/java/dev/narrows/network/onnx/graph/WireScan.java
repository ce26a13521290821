package dev.narrows.network.onnx.graph;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a message would become before it is parsed: two bytes may make an object of a hundred
 * and fifty, so that a small file could fill the memory.
 */
final class WireScan {
  private static final int DEEPEST = 100; // protobuf's own limit
  private static final int ALWAYS = 1 << 20;
  private static final int BYTES_AN_OBJECT = 16;

  private final CodedInputStream in;
  private final long most;
  private long objects;

  private WireScan(ByteString bytes) {
    this.in = bytes.newCodedInput();
    this.most = ALWAYS + bytes.size() / BYTES_AN_OBJECT;
  }

  /**
   * Walks through a message and all within it.
   *
   * @throws IOException if it is not well formed, nests too deeply or has too many parts
   */
  static void check(ByteString bytes, Descriptor type) throws IOException {
    new WireScan(bytes).message(type, 1);
  }

  private void message(Descriptor type, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new InvalidProtocolBufferException(
          "messages are nested more than " + DEEPEST + " deep");
    }
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      switch (WireFormat.getTagWireType(tag)) {
        case WireFormat.WIRETYPE_VARINT,
            WireFormat.WIRETYPE_FIXED32,
            WireFormat.WIRETYPE_FIXED64 -> {
          count(field == null);
          in.skipField(tag);
        }
        case WireFormat.WIRETYPE_LENGTH_DELIMITED -> delimited(field, depth);
        default -> throw new InvalidProtocolBufferException("has groups; ONNX has none");
      }
    }
  }

  private void delimited(@Nullable FieldDescriptor field, int depth) throws IOException {
    int length = in.readRawVarint32();
    if (field != null && field.getJavaType() == JavaType.MESSAGE) {
      count(true);
      int outer = in.pushLimit(length);
      message(field.getMessageType(), depth + 1);
      in.popLimit(outer);
    } else {
      count(
          field == null
              || field.getJavaType() == JavaType.STRING
              || field.getJavaType() == JavaType.BYTE_STRING);
      in.skipRawBytes(length);
    }
  }

  private void count(boolean isObject) throws InvalidProtocolBufferException {
    if (isObject && ++objects > most) {
      throw new InvalidProtocolBufferException(
          "has more than %d parts, too many for its size".formatted(most));
    }
  }
}
