package dev.narrows.network.safetensors;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The bytes of a safetensors file, of any types, sound or not. */
public final class SafetensorsBuilder {
  private final List<String> entries = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /** Begins a file without tensors. */
  public SafetensorsBuilder() {}

  /** A tensor in F32, F16 or BF16, rounded towards zero where that is narrower. */
  public SafetensorsBuilder floats(String name, String type, float[] values, int... shape) {
    int width = type.equals("F32") ? 4 : 2;
    ByteBuffer bytes = ByteBuffer.allocate(width * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case "F32" -> bytes.putFloat(value);
        case "F16" -> bytes.putShort(Float.floatToFloat16(value));
        default -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
      }
    }
    return raw(name, type, bytes.array(), shape);
  }

  /** A tensor of any type, as it lies in the file. */
  public SafetensorsBuilder raw(String name, String type, byte[] bytes, int... shape) {
    int begin = data.size();
    data.writeBytes(bytes);
    entries.add(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
            .formatted(name, type, Arrays.toString(shape), begin, data.size()));
    return this;
  }

  public byte[] bytes() {
    return bytes("{" + String.join(",", entries) + "}", data.toByteArray());
  }

  /** A file of a header and data that need not fit each other. */
  public static byte[] bytes(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(data)
        .array();
  }
}
