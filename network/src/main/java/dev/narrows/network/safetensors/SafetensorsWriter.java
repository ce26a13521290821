package dev.narrows.network.safetensors;

import dev.narrows.network.disk.AtomicWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Collects tensors and texts, then writes them as one file, atomically: a crash leaves the old file
 * or the new one. The same contents in the same order give the same bytes.
 */
public final class SafetensorsWriter {
  private static final JsonMapper JSON = new JsonMapper();

  private record Pending(SafetensorsType type, int[] shape, ByteBuffer bytes) {}

  private final Map<String, Pending> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  /** A file without tensors and texts. */
  public SafetensorsWriter() {}

  /** Sets a text under "__metadata__". */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /** Adds an F32 tensor. */
  public SafetensorsWriter floats(String name, float[] values, int... shape) {
    ByteBuffer bytes = add(name, SafetensorsType.F32, values.length, shape);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return this;
  }

  /** Adds an F64 tensor. */
  public SafetensorsWriter doubles(String name, double[] values, int... shape) {
    ByteBuffer bytes = add(name, SafetensorsType.F64, values.length, shape);
    for (double value : values) {
      bytes.putDouble(value);
    }
    return this;
  }

  /** Adds an I64 tensor. */
  public SafetensorsWriter longs(String name, long[] values, int... shape) {
    ByteBuffer bytes = add(name, SafetensorsType.I64, values.length, shape);
    for (long value : values) {
      bytes.putLong(value);
    }
    return this;
  }

  /**
   * Adds an integer tensor.
   *
   * @param type I32, I16, I8 or U8; every value must fit it
   */
  public SafetensorsWriter ints(String name, SafetensorsType type, int[] values, int... shape) {
    ByteBuffer bytes = add(name, type, values.length, shape);
    for (int value : values) {
      boolean fits =
          switch (type) {
            case I32 -> true;
            case I16 -> value == (short) value;
            case I8 -> value == (byte) value;
            case U8 -> value == (value & 0xFF);
            case F64, F32, F16, BF16, I64, BOOL, F8_E4M3 -> false;
          };
      if (!fits) {
        throw new IllegalArgumentException("%s: %d does not fit %s".formatted(name, value, type));
      }
      switch (type.bytes()) {
        case 4 -> bytes.putInt(value);
        case 2 -> bytes.putShort((short) value);
        default -> bytes.put((byte) value);
      }
    }
    return this;
  }

  /** Writes the file; a crash leaves the old one or the new one. */
  public void write(Path file) throws IOException {
    List<String> names = new ArrayList<>(tensors.keySet());
    // wide elements first, so that every tensor is aligned to its elements
    names.sort(Comparator.comparingInt((String name) -> -pending(name).type.bytes()));
    List<ByteBuffer> parts = new ArrayList<>();
    parts.add(header(names));
    names.forEach(name -> parts.add(pending(name).bytes.duplicate().flip()));
    AtomicWrite.write(file, parts);
  }

  private ByteBuffer header(List<String> names) {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = root.putObject("__metadata__");
      metadata.forEach(texts::put);
    }
    long offset = 0;
    for (String name : names) {
      Pending tensor = pending(name);
      ObjectNode entry = root.putObject(name);
      entry.put("dtype", tensor.type.name());
      var shape = entry.putArray("shape");
      for (int size : tensor.shape) {
        shape.add(size);
      }
      entry.putArray("data_offsets").add(offset).add(offset + tensor.bytes.position());
      offset += tensor.bytes.position();
    }
    byte[] json = JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    int padded = Math.ceilDiv(json.length, 8) * 8; // spaces behind the JSON align the data
    if (padded > SafetensorsFile.MAX_HEADER) {
      throw new IllegalStateException("safetensors header of " + padded + " bytes is too long");
    }
    ByteBuffer header = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(padded).put(json);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }

  private ByteBuffer add(String name, SafetensorsType type, int elements, int[] shape) {
    long product = 1;
    for (int size : shape) {
      product = Math.multiplyExact(product, size);
    }
    if (product != elements) {
      throw new IllegalArgumentException(
          "%s: shape holds %d elements, got %d".formatted(name, product, elements));
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(elements, type.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    if (name.equals("__metadata__") || tensors.containsKey(name)) {
      throw new IllegalArgumentException("a tensor cannot be named \"" + name + "\" (again)");
    }
    tensors.put(name, new Pending(type, shape.clone(), bytes));
    return bytes;
  }

  private Pending pending(String name) {
    Pending tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException("no tensor " + name);
    }
    return tensor;
  }
}
