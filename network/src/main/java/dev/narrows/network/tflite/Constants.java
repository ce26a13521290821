package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.tensor.TensorType;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Constant tensors as arrays, as many as the file's size pays for. */
final class Constants {
  private static final long ALLOWANCE = 1 << 23;

  private static final int LONG = 64;

  private final FlatBytes file;
  private final Map<String, int[]> integers = new HashMap<>(); // long ones, of loops' trips
  private final Map<String, float[]> floats = new HashMap<>();
  private boolean shares;
  private long left;

  /**
   * @param file decoded weights take four times its size
   */
  Constants(FlatBytes file) {
    this.file = file;
    this.left = 4L * file.size() + ALLOWANCE;
  }

  /** From now on long constants are decoded once, however often they are read. */
  void share() {
    shares = true;
  }

  /** What tells one tensor's elements of the file from another's; empty for short ones. */
  private Optional<String> key(TfliteTensorEntry tensor, int zero) {
    FlatVector data = tensor.data();
    return shares && data.bytes() == file && data.count() >= LONG
        ? Optional.of("%d %d %s %d".formatted(data.at(), data.count(), tensor.type(), zero))
        : Optional.empty();
  }

  /** Takes memory for {@code count} values of {@code bytes} each. */
  void take(TfliteTensorEntry tensor, long count, int bytes) throws NetworkFileException {
    left -= count * bytes;
    if (left < 0) {
      throw tensor.bad("the file is too small for all the constants that its operators read");
    }
  }

  /** Takes memory for what is made at some place of a file. */
  void take(String place, FlatBytes file, long bytes) throws NetworkFileException {
    left -= bytes;
    if (left < 0) {
      throw file.bad(place, "the file is too small for all the constants that it computes");
    }
  }

  /** The integers of a tensor less {@code zero}; long ones are shared and not to be changed. */
  int[] integers(TfliteTensorEntry tensor, int zero) throws NetworkFileException {
    Optional<String> key = key(tensor, zero);
    Optional<int[]> known = key.flatMap(each -> Optional.ofNullable(integers.get(each)));
    if (known.isPresent()) {
      return known.get();
    }
    int[] values = decoded(tensor, zero);
    key.ifPresent(each -> integers.put(each, values));
    return values;
  }

  private int[] decoded(TfliteTensorEntry tensor, int zero) throws NetworkFileException {
    int count = count(tensor);
    take(tensor, count, Integer.BYTES);
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (tensor.type()) {
            case INT8 -> tensor.data().i8(i) - zero;
            case BOOL -> (tensor.data().i8(i) == 0 ? 0 : 1) - zero;
            case UINT8 -> (tensor.data().i8(i) & 0xFF) - zero;
            case INT4 -> (tensor.data().i8(i / 2) << (i % 2 == 0 ? 28 : 24) >> 28) - zero;
            case INT16 -> words(tensor, Short.BYTES).i16(i) - zero;
            case INT32 -> words(tensor, Integer.BYTES).i32(i) - zero;
            case INT64 -> narrowed(tensor, words(tensor, Long.BYTES).i64(i)) - zero;
            default -> throw tensor.bad("expected integers of 8 to 64 bits, got " + tensor.type());
          };
    }
    return values;
  }

  private static int narrowed(TfliteTensorEntry tensor, long value) throws NetworkFileException {
    if ((int) value != value) {
      throw tensor.bad("integers beyond 32 bits are not read, got " + value);
    }
    return (int) value;
  }

  /**
   * The numbers of a tensor of reals, those of 16 bits widened; long ones are shared and not to be
   * changed.
   */
  float[] floats(TfliteTensorEntry tensor) throws NetworkFileException {
    Optional<String> key = key(tensor, 0);
    Optional<float[]> known = key.flatMap(each -> Optional.ofNullable(floats.get(each)));
    if (known.isPresent()) {
      return known.get();
    }
    float[] values = numbers(tensor);
    key.ifPresent(each -> floats.put(each, values));
    return values;
  }

  private float[] numbers(TfliteTensorEntry tensor) throws NetworkFileException {
    FileElementType type = tensor.type();
    if (type != FileElementType.FLOAT32 && type != FileElementType.FLOAT16) {
      throw tensor.bad("expected FLOAT32 or FLOAT16, got " + type);
    }
    int count = count(tensor);
    take(tensor, count, Float.BYTES);
    FlatVector words = words(tensor, type.bytes());
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          type == FileElementType.FLOAT32 ? words.f32(i) : Float.float16ToFloat(words.i16(i));
    }
    return values;
  }

  /** The numbers of a tensor of reals, or codes times their one scale in binary32. */
  float[] reals(TfliteTensorEntry tensor) throws NetworkFileException {
    if (tensor.type().codes().isEmpty()) {
      return floats(tensor);
    }
    int[] codes = integers(tensor, 0);
    take(tensor, codes.length, Float.BYTES);
    float[] numbers = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      numbers[i] = codes[i] * tensor.scale(0);
    }
    return numbers;
  }

  /** The numbers of a table of codes, which has one scale, or one for each row. */
  float[] rows(TfliteTensorEntry table) throws NetworkFileException {
    int[] codes = integers(table, 0);
    take(table, codes.length, Float.BYTES);
    float[] numbers = new float[codes.length];
    int row = codes.length / table.shape().dim(0);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = codes[i] * table.scale(i / row);
    }
    return numbers;
  }

  /**
   * A constant as the real numbers that a tensor stands for; halves keep their bytes, codes become
   * numbers as {@link dev.narrows.network.layer.Dequantize} has it, each by the scale of its
   * channel.
   */
  TfliteTensorEntry widened(TfliteTensorEntry constant, TfliteTensorEntry made)
      throws NetworkFileException {
    if (constant.type() == FileElementType.FLOAT16) {
      return made.with(FileElementType.FLOAT16, constant.data());
    }
    int[] codes = integers(constant, 0);
    take(constant, codes.length, Float.BYTES);
    int inner = 1; // elements that one index of the scales' dimension counts
    for (int axis = constant.shape().rank() - 1; axis > constant.dimension(); axis--) {
      inner *= constant.shape().dim(axis);
    }
    ByteBuffer bytes = ByteBuffer.allocate(codes.length * Float.BYTES);
    FlatBytes data = FlatBytes.of(constant.data().bytes().file(), bytes); // sets the order
    int channels = Math.max(1, constant.scales().count());
    for (int i = 0; i < codes.length; i++) {
      int channel = i / inner % channels;
      double scale = constant.scale(channel);
      bytes.putFloat((float) (scale * (codes[i] - constant.zero(channel))));
    }
    FlatVector all = new FlatVector(data, constant.place(), 0, bytes.limit(), 1);
    return made.with(FileElementType.FLOAT32, all);
  }

  /** A constant as a layer, its elements moved to Narrows' order. */
  Constant layer(String name, TfliteTensorEntry tensor, TensorType type)
      throws NetworkFileException {
    take(tensor, type.elements(), 2 * Integer.BYTES); // its places in that order
    int[] places = tensor.shape().places();
    if (type.isFloat()) {
      float[] numbers = floats(tensor);
      float[] moved = new float[numbers.length];
      for (int i = 0; i < places.length; i++) {
        moved[places[i]] = numbers[i];
      }
      return Constant.of(name, type, moved);
    }
    int[] codes = integers(tensor, 0);
    int[] moved = new int[codes.length];
    for (int i = 0; i < places.length; i++) {
      moved[places[i]] = codes[i];
    }
    return new Constant(name, type, moved);
  }

  private static FlatVector words(TfliteTensorEntry tensor, int size) {
    FlatVector data = tensor.data();
    return new FlatVector(data.bytes(), data.place(), data.at(), data.count() / size, size);
  }

  private static int count(TfliteTensorEntry tensor) {
    return tensor.type() == FileElementType.INT4
        ? tensor.shape().elements()
        : tensor.data().count() / tensor.type().bytes();
  }
}
