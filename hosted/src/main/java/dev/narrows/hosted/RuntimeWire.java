package dev.narrows.hosted;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.hosted.HostedValue;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What goes between a command and the process of the library, in both directions. */
final class RuntimeWire {
  /** What is asked, or how it went. */
  enum Word {
    DESCRIBE,
    OPEN,
    RUN,
    CLOSE,
    DONE,
    FAILED
  }

  /** Writes one part. */
  @FunctionalInterface
  interface WireWriter<T> {
    void write(DataOutputStream out, T value) throws IOException;
  }

  /** Reads one part. */
  @FunctionalInterface
  interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  private RuntimeWire() {}

  static void word(DataOutputStream out, Word word) throws IOException {
    out.writeByte(word.ordinal());
  }

  static Word word(DataInputStream in) throws IOException {
    return Word.values()[in.readUnsignedByte()];
  }

  static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  static void text(DataOutputStream out, String text) throws IOException {
    bytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(DataInputStream in) throws IOException {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  static <T> void list(DataOutputStream out, List<T> values, WireWriter<T> writer)
      throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      writer.write(out, value);
    }
  }

  static <T> List<T> list(DataInputStream in, Reader<T> reader) throws IOException {
    int count = in.readInt();
    List<T> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(reader.read(in));
    }
    return values;
  }

  static <T> void map(DataOutputStream out, Map<String, T> values, WireWriter<T> writer)
      throws IOException {
    out.writeInt(values.size());
    for (Map.Entry<String, T> entry : values.entrySet()) {
      text(out, entry.getKey());
      writer.write(out, entry.getValue());
    }
  }

  static <T> Map<String, T> map(DataInputStream in, Reader<T> reader) throws IOException {
    int count = in.readInt();
    Map<String, T> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      values.put(text(in), reader.read(in));
    }
    return values;
  }

  static void type(DataOutputStream out, Optional<NdType> type) throws IOException {
    out.writeByte(type.map(Enum::ordinal).orElse(-1));
  }

  static Optional<NdType> type(DataInputStream in) throws IOException {
    int ordinal = in.readByte();
    return ordinal < 0 ? Optional.empty() : Optional.of(NdType.values()[ordinal]);
  }

  static void tensor(DataOutputStream out, NdTensor tensor) throws IOException {
    out.writeByte(tensor.type().ordinal());
    list(out, tensor.dims(), (to, dim) -> to.writeInt(dim));
    bytes(out, tensor.data());
    list(out, tensor.strings(), RuntimeWire::text);
  }

  static NdTensor tensor(DataInputStream in) throws IOException {
    NdType type = NdType.values()[in.readUnsignedByte()];
    List<Integer> dims = list(in, DataInputStream::readInt);
    byte[] data = bytes(in);
    return new NdTensor(type, dims, data, list(in, RuntimeWire::text));
  }

  static void value(DataOutputStream out, HostedValue value) throws IOException {
    out.writeBoolean(value instanceof HostedValue.Several);
    list(out, value.all(), RuntimeWire::tensor);
  }

  static HostedValue value(DataInputStream in) throws IOException {
    boolean several = in.readBoolean();
    List<NdTensor> tensors = list(in, RuntimeWire::tensor);
    return several ? new HostedValue.Several(tensors) : new HostedValue.Single(tensors.getFirst());
  }
}
