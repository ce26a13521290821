package dev.narrows.network.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes GGUF files, sound ones unless asked otherwise. */
public final class GgufBuilder {
  private static final int ALIGNMENT = 32;

  private final Map<String, byte[]> metadata = new LinkedHashMap<>(); // kind and value
  private final List<Entry> entries = new ArrayList<>();

  /** A file without anything in it. */
  public GgufBuilder() {}

  private record Entry(String name, int type, long[] dimensions, byte[] data) {}

  public GgufBuilder text(String key, String value) {
    return put(key, joined(word(8), text(value)));
  }

  public GgufBuilder whole(String key, int value) {
    return put(key, joined(word(4), word(value)));
  }

  public GgufBuilder real(String key, float value) {
    return put(key, joined(word(6), word(Float.floatToRawIntBits(value))));
  }

  public GgufBuilder truth(String key, boolean value) {
    return put(key, joined(word(7), new byte[] {(byte) (value ? 1 : 0)}));
  }

  public GgufBuilder texts(String key, List<String> values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(joined(word(9), word(8), word64(values.size())));
    values.forEach(value -> out.writeBytes(text(value)));
    return put(key, out.toByteArray());
  }

  public GgufBuilder wholes(String key, int... values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(joined(word(9), word(5), word64(values.length)));
    for (int value : values) {
      out.writeBytes(word(value));
    }
    return put(key, out.toByteArray());
  }

  public GgufBuilder reals(String key, float... values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(joined(word(9), word(6), word64(values.length)));
    for (float value : values) {
      out.writeBytes(word(Float.floatToRawIntBits(value)));
    }
    return put(key, out.toByteArray());
  }

  /** A value of any kind: its number, then its bytes. */
  public GgufBuilder put(String key, byte[] kindAndValue) {
    metadata.put(key, kindAndValue);
    return this;
  }

  public GgufBuilder without(String key) {
    metadata.remove(key);
    return this;
  }

  public GgufBuilder tensor(String name, GgufType type, byte[] data, long... dimensions) {
    return tensor(name, type.id(), data, dimensions);
  }

  public GgufBuilder tensor(String name, int type, byte[] data, long... dimensions) {
    entries.add(new Entry(name, type, dimensions, data));
    return this;
  }

  public GgufBuilder floats(String name, float[] values, long... dimensions) {
    ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return tensor(name, GgufType.F32, data.array(), dimensions);
  }

  public GgufBuilder withoutTensor(String name) {
    entries.removeIf(entry -> entry.name().equals(name));
    return this;
  }

  /** The file; data lie in the order of the tensors, each at a multiple of 32 bytes. */
  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(joined(word(3), word64(entries.size()), word64(metadata.size())));
    metadata.forEach((key, value) -> out.writeBytes(joined(text(key), value)));
    long offset = 0;
    for (Entry entry : entries) {
      out.writeBytes(joined(text(entry.name()), word(entry.dimensions().length)));
      for (long dimension : entry.dimensions()) {
        out.writeBytes(word64(dimension));
      }
      out.writeBytes(joined(word(entry.type()), word64(offset)));
      offset += (entry.data().length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    for (Entry entry : entries) {
      pad(out);
      out.writeBytes(entry.data());
    }
    return out.toByteArray();
  }

  private static void pad(ByteArrayOutputStream out) {
    while (out.size() % ALIGNMENT != 0) {
      out.write(0);
    }
  }

  public static byte[] text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return joined(word64(bytes.length), bytes);
  }

  public static byte[] word(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  public static byte[] word64(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  public static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
