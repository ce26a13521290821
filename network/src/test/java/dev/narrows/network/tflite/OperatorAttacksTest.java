package dev.narrows.network.tflite;

import static dev.narrows.network.tflite.FlatWriter.table;
import static dev.narrows.network.tflite.SmallTflite.operator;
import static dev.narrows.network.tflite.SmallTflite.quantized;
import static dev.narrows.network.tflite.SmallTflite.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.tflite.FlatWriter.Byte1;
import dev.narrows.network.tflite.FlatWriter.Bytes;
import dev.narrows.network.tflite.FlatWriter.Int;
import dev.narrows.network.tflite.FlatWriter.Real;
import dev.narrows.network.tflite.FlatWriter.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of one operator whose options, shapes or scales make no sense. */
@Timeout(20)
@Isolated("an attack has two seconds")
class OperatorAttacksTest {
  private static final int FLOAT = 0;
  private static final int INT32 = 2;
  private static final int INT16 = 7;
  private static final int INT8 = 9;

  /** One operator, whose inputs are added in order. */
  private static final class OneOperator {
    private final Operator kind;
    private final Table options;
    private final SmallTflite file = new SmallTflite();
    private final List<Integer> reads = new ArrayList<>();
    private boolean withoutOutputs;

    OneOperator(Operator kind, Object... options) {
      this.kind = kind;
      this.options = table(options);
      file.codes.clear();
      file.tensors.clear();
      file.operators.clear();
      file.buffers.subList(1, file.buffers.size()).clear();
    }

    OneOperator reads(int type, float scale, long zero, int... shape) {
      return reads(type, 0, scale, zero, shape);
    }

    OneOperator constant(int type, byte[] data, float scale, int... shape) {
      file.buffers.add(table(0, new Bytes(data)));
      return reads(type, file.buffers.size() - 1, scale, 0, shape);
    }

    OneOperator integers(int... values) {
      ByteBuffer data =
          ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int value : values) {
        data.putInt(value);
      }
      return constant(INT32, data.array(), 1, values.length);
    }

    private OneOperator reads(int type, int buffer, float scale, long zero, int... shape) {
      reads.add(file.tensors.size());
      Table how = type == FLOAT || type == INT32 ? table() : quantized(0, zero, scale);
      file.tensors.add(tensor("t" + reads.size(), type, buffer, how, shape));
      return this;
    }

    Network makes(int type, float scale, long zero, int... shape) throws IOException {
      int made = file.tensors.size();
      Table how = type == FLOAT ? table() : quantized(0, zero, scale);
      file.tensors.add(tensor("made", type, 0, how, shape));
      file.codes.add(
          table(0, new Byte1(Math.min(kind.code(), 127)), 2, new Int(1), 3, new Int(kind.code())));
      int[] in = reads.stream().mapToInt(i -> i).toArray();
      int[] out = withoutOutputs ? new int[0] : new int[] {made};
      file.operators.add(operator(0, kind.options(), options, in, out));
      file.inputs = reads.stream().filter(i -> !constants().contains(i)).mapToInt(i -> i).toArray();
      file.outputs = new int[] {made};
      byte[] bytes = file.bytes();
      long before = Allocated.bytes();
      FlatModel model =
          FlatModel.of(FlatBytes.of(Path.of("attack.tflite"), ByteBuffer.wrap(bytes)));
      try {
        return new GraphImport(model).network("attack");
      } finally {
        assertThat(Allocated.bytes() - before).isLessThan((16L << 20) + 4L * bytes.length);
      }
    }

    /** The inputs with data. */
    private List<Integer> constants() {
      return reads.stream()
          .filter(i ->
              file.tensors.get(i).fields().stream()
                  .anyMatch(f -> f.number() == 2 && !f.part().equals(new Int(0))))
          .toList();
    }
  }

  private interface Reading {
    Network read() throws IOException;
  }

  private static void requireRefused(Reading reading, String... said) {
    long start = System.nanoTime();
    assertThatThrownBy(reading::read)
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("attack.tflite: ")
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).contains(said));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
  }

  private static OneOperator resize(Operator kind, int... size) {
    return new OneOperator(kind).reads(INT8, 0.5f, 3, 1, 4, 4, 2).integers(size);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR"})
  void resize_sizes_areRefused(String name) throws IOException {
    Operator kind = Operator.valueOf(name);
    String place = "operator 0 " + name;
    assertThat(resize(kind, 8, 8).makes(INT8, 0.5f, 3, 1, 8, 8, 2).layers()).isNotEmpty();
    String expected = "a height and a width of at least 1";
    for (int[] size : new int[][] {{8}, {8, 8, 2}, {0, 8}, {8, -1}, {Integer.MIN_VALUE, 8}}) {
      requireRefused(() -> resize(kind, size).makes(INT8, 0.5f, 3, 1, 8, 8, 2), place, expected);
    }
    requireRefused(
        () -> resize(kind, 8, 9).makes(INT8, 0.5f, 3, 1, 8, 8, 2), place, "[1, 8, 9, 2]");
    int most = Integer.MAX_VALUE;
    requireRefused(() -> resize(kind, most, most).makes(INT8, 0.5f, 3, 1, 8, 8, 2), place, "2^31");
    requireRefused(
        () -> resize(kind, 1 << 21, 1).makes(INT8, 0.5f, 3, 1, 1 << 21, 1, 2),
        place,
        "at most 1048576 rows");
    requireRefused(
        () -> resize(kind, 8, 8).makes(INT8, 0.25f, 3, 1, 8, 8, 2), place, "quantization");
    requireRefused(
        () ->
            new OneOperator(kind)
                .reads(INT8, 0.5f, 3, 1, 4, 4, 2)
                .reads(INT8, 0.5f, 3, 2)
                .makes(INT8, 0.5f, 3, 1, 8, 8, 2),
        "0 " + name,
        "size is no constant");
  }

  @Test
  void oneHot_moreThanTheFileSaysThatItMakes_isRefusedBeforeItIsCounted() {
    requireRefused(
        () ->
            new OneOperator(Operator.ONE_HOT, 0, new Int(-1))
                .reads(INT32, 1f, 0, 1, 5)
                .integers(1 << 22)
                .makes(FLOAT, 1, 0, 1, 5, 6),
        "operator 0 ONE_HOT",
        "depth 4194304 of [1, 5] is not [1, 5, 6]");
  }

  @Test
  void operator_withoutOutputs_isRefused() {
    OneOperator reversed =
        new OneOperator(Operator.REVERSE_SEQUENCE, 0, new Int(1), 1, new Int(0))
            .reads(INT8, 0.5f, 0, 1, 4, 3)
            .reads(INT32, 1f, 0, 1);
    reversed.withoutOutputs = true;
    requireRefused(
        () -> reversed.makes(INT8, 0.5f, 0, 1, 4, 3),
        "operator 0 REVERSE_SEQUENCE",
        "output 0 is missing");
  }

  @Test
  void resizeBilinear_contradictingOptions_areRefused() {
    requireRefused(
        () ->
            new OneOperator(Operator.RESIZE_BILINEAR, 2, new Byte1(1), 3, new Byte1(1))
                .reads(INT8, 0.5f, 3, 1, 4, 4, 2)
                .integers(8, 8)
                .makes(INT8, 0.5f, 3, 1, 8, 8, 2),
        "operator 0 RESIZE_BILINEAR",
        "corners cannot be aligned");
  }

  /** Filters of 3 × 3 from two channels to three; the options are padding and strides. */
  private static OneOperator transposed(int stride, int... shape) {
    return new OneOperator(
            Operator.TRANSPOSE_CONV, 0, new Byte1(0), 1, new Int(stride), 2, new Int(stride))
        .integers(shape)
        .constant(INT8, new byte[3 * 3 * 3 * 2], 0.1f, 3, 3, 3, 2)
        .reads(INT8, 0.5f, 3, 1, 4, 4, 2);
  }

  @Test
  void transposeConv_outputShapesAndStrides_areRefused() throws IOException {
    String place = "operator 0 TRANSPOSE_CONV";
    assertThat(transposed(2, 1, 8, 8, 3).makes(INT8, 0.5f, 3, 1, 8, 8, 3).layers()).hasSize(1);
    for (int[] shape :
        new int[][] {{8, 8, 3}, {1, 8, 8, 3, 1}, {2, 8, 8, 3}, {1, 8, 8, 4}, {0, 8, 8, 3}}) {
      requireRefused(
          () -> transposed(2, shape).makes(INT8, 0.5f, 3, 1, 8, 8, 3), place, "from filter");
    }
    requireRefused(
        () -> transposed(2, 1, -8, 8, 3).makes(INT8, 0.5f, 3, 1, 8, 8, 3), place, "at least 1");
    int most = Integer.MAX_VALUE;
    requireRefused(
        () -> transposed(2, 1, most, most, 3).makes(INT8, 0.5f, 3, 1, 8, 8, 3), place, "2^31");
    requireRefused(
        () -> transposed(2, 1, 8, 8, 3).makes(INT8, 0.5f, 3, 1, 9, 8, 3), place, "[1, 8, 8, 3]");
    requireRefused(
        () -> transposed(2, 1, 99, 8, 3).makes(INT8, 0.5f, 3, 1, 99, 8, 3),
        place,
        "does not come back to [1, 4, 4, 2]");
    for (int stride : new int[] {0, -1, 1 << 17, Integer.MAX_VALUE}) {
      requireRefused(
          () -> transposed(stride, 1, 8, 8, 3).makes(INT8, 0.5f, 3, 1, 8, 8, 3),
          place,
          "stride height must be in [1, 65536]");
    }
    requireRefused(
        () ->
            new OneOperator(Operator.TRANSPOSE_CONV, 1, new Int(1), 2, new Int(1))
                .integers(1, 4, 4, 3)
                .constant(INT8, new byte[3 * 3 * 3 * 5], 0.1f, 3, 3, 3, 5)
                .reads(INT8, 0.5f, 3, 1, 4, 4, 2)
                .makes(INT8, 0.5f, 3, 1, 4, 4, 3),
        place,
        "does not fit 2 channels");
  }

  @Test
  void transposeConv_wideCodesWithZeroPoints_areRefused() {
    for (long[] zeros : new long[][] {{1, 0}, {0, -1}}) {
      requireRefused(
          () ->
              new OneOperator(Operator.TRANSPOSE_CONV, 1, new Int(1), 2, new Int(1))
                  .integers(1, 4, 4, 3)
                  .constant(INT8, new byte[3 * 3 * 3 * 2], 0.1f, 3, 3, 3, 2)
                  .reads(INT16, 0.5f, zeros[0], 1, 4, 4, 2)
                  .makes(INT16, 0.5f, zeros[1], 1, 4, 4, 3),
          "operator 0 TRANSPOSE_CONV",
          "16-bit codes must have zero point 0");
    }
  }

  private static OneOperator product(int adjoint) {
    return new OneOperator(Operator.BATCH_MATMUL, 0, new Byte1(0), 1, new Byte1(adjoint));
  }

  private static Network productOf(int[] left, int[] right, int... out) throws IOException {
    return product(0)
        .reads(INT8, 0.5f, 3, left)
        .reads(INT8, 0.5f, 3, right)
        .makes(INT8, 0.5f, 3, out);
  }

  @Test
  void batchMatMul_shapesOfActivations_areRefused() throws IOException {
    String place = "operator 0 BATCH_MATMUL";
    int[] left = {1, 3, 4, 6};
    assertThat(productOf(left, new int[] {1, 3, 6, 5}, 1, 3, 4, 5).layers()).isNotEmpty();
    requireRefused(() -> productOf(left, new int[] {6}, 1, 3, 4, 6), place, "two dimensions");
    requireRefused(() -> productOf(new int[] {6}, left, 1, 3, 4, 6), place, "two dimensions");
    requireRefused(
        () -> productOf(left, new int[] {1, 3, 5, 5}, 1, 3, 4, 5), place, "6 and 5 terms");
    requireRefused(
        () -> productOf(left, new int[] {1, 2, 6, 5}, 1, 3, 4, 5), place, "no common batches");
    requireRefused(
        () -> productOf(left, new int[] {1, 3, 6, 5}, 1, 3, 5, 4), place, "[1, 3, 4, 5]");
    requireRefused(() -> productOf(left, new int[] {1, 3, 6, 5}, 3, 4, 5), place, "[1, 3, 4, 5]");
  }

  @Test
  void batchMatMul_hugeBroadcasts_areRefusedOrCostNothing() throws IOException {
    String place = "operator 0 BATCH_MATMUL";
    int many = 1 << 15;
    requireRefused(
        () ->
            productOf(
                new int[] {1, many, 1, many / 4},
                new int[] {1, 1, many / 4, many},
                1,
                many,
                1,
                many),
        place,
        "2^31");
    requireRefused(
        () -> productOf(new int[] {1, 1 << 29, 1}, new int[] {1, 1, 1 << 29}, 1, 4, 4),
        place,
        "2^31");
    assertThat(
            productOf(
                    new int[] {1, many, 1, 2}, new int[] {1, 1, 2, many / 4}, 1, many, 1, many / 4)
                .layers())
        .isNotEmpty();
    assertThat( // one weight for a billion rows
            product(0)
                .reads(INT8, 0.5f, 3, 1, 1, 1 << 15, 1 << 15, 1, 1)
                .constant(INT8, new byte[1], 0.5f, 1, 1)
                .makes(INT8, 0.5f, 3, 1, 1, 1 << 15, 1 << 15, 1, 1)
                .layers())
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0.5,0,'scale 0 must be finite and positive, got 0.0'",
    "NaN,0.5,0,'scale 0 must be finite and positive, got NaN'",
    "Infinity,0.5,0,'scale 0 must be finite and positive, got Infinity'",
    "0.5,-1,0,'scale 0 must be finite and positive, got -1.0'",
    "0.5,0.5,200,'zero point 0 must be in [-128, 127], got 200'",
    "1e10,0.5,0,'factor must be below 2^30'"
  })
  void batchMatMul_scalesAndZeroPoints_areRefused(
      float scale, float made, long zero, String expected) {
    requireRefused(
        () ->
            product(1)
                .reads(INT8, scale, zero, 1, 4, 6)
                .reads(INT8, scale, zero, 1, 5, 6)
                .makes(INT8, made, 0, 1, 4, 5),
        expected);
    requireRefused(
        () ->
            product(1)
                .reads(INT8, 0.5f, 3, 1, 4, 6)
                .constant(INT8, new byte[30], zero == 0 ? scale : 0, 5, 6)
                .makes(INT8, made, 0, 1, 4, 5),
        zero == 0 ? expected : "scale 0");
  }

  @ParameterizedTest
  @CsvSource({"9,7,9", "9,9,7", "9,0,9", "0,9,0", "0,0,9"})
  void batchMatMul_mixedTypes_areUnsupportedByName(int left, int right, int made) {
    requireRefused(
        () ->
            product(1)
                .reads(left, 0.5f, 0, 1, 4, 6)
                .reads(right, 0.5f, 0, 1, 5, 6)
                .makes(made, 0.5f, 0, 1, 4, 5),
        "0 BATCH_MATMUL (");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ADD", "SUB", "MUL"})
  void pair_broadcasts_areRefused(String name) throws IOException {
    Operator kind = Operator.valueOf(name);
    String place = "operator 0 " + name;
    assertThat(pair(kind, INT8, 3, new int[] {1, 4, 1}, new int[] {5}, 1, 4, 5).layers())
        .isNotEmpty();
    requireRefused(
        () -> pair(kind, INT8, 3, new int[] {1, 4, 3}, new int[] {2}, 1, 4, 3),
        place,
        "no common shape");
    requireRefused(
        () -> pair(kind, INT8, 3, new int[] {1, 4, 3}, new int[] {3}, 1, 4, 4), place, "[1, 4, 3]");
    requireRefused(
        () ->
            pair(
                kind, INT8, 3, new int[] {1, 1 << 16, 1}, new int[] {1, 1, 1 << 16}, 1, 1 << 16, 1),
        place,
        "2^31");
  }

  private static Network pair(
      Operator kind, int type, long zero, int[] left, int[] right, int... out) throws IOException {
    return new OneOperator(kind)
        .reads(type, 0.5f, zero, left)
        .reads(type, 0.5f, zero, right)
        .makes(type, 0.5f, zero, out);
  }

  @Test
  void pair_wideCodesWithZeroPoints_areRefused() {
    requireRefused(
        () -> pair(Operator.MUL, INT16, 1, new int[] {1, 4}, new int[] {1, 4}, 1, 4),
        "operator 0 MUL",
        "16-bit codes must have zero point 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"LOGISTIC", "TANH", "LEAKY_RELU"})
  void tables_wideCodesWithZeroPoints_areRefused(String name) {
    requireRefused(
        () ->
            new OneOperator(Operator.valueOf(name))
                .reads(INT16, 0.5f, 1, 1, 4)
                .makes(INT16, 1 / 32768f, 0, 1, 4),
        "operator 0 " + name,
        "16-bit codes must have zero point 0");
  }

  @ParameterizedTest
  @CsvSource({
    "LOGISTIC,0",
    "LOGISTIC,NaN",
    "TANH,Infinity",
    "TANH,-1",
    "LEAKY_RELU,0",
    "LEAKY_RELU,NaN",
    "HARD_SWISH,0",
    "HARD_SWISH,NaN",
    "HARD_SWISH,-Infinity"
  })
  void tables_scales_areRefused(String name, float scale) {
    Operator kind = Operator.valueOf(name);
    requireRefused(
        () -> new OneOperator(kind).reads(INT8, scale, 0, 1, 4).makes(INT8, 0.5f, 0, 1, 4),
        "tensor 0",
        "finite and positive, got " + scale);
    requireRefused(
        () -> new OneOperator(kind).reads(INT8, 0.5f, 0, 1, 4).makes(INT8, scale, 0, 1, 4),
        "tensor 1",
        "finite and positive, got " + scale);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void leakyRelu_slopesThatAreNoNumbers_areRefused(float slope) {
    requireRefused(
        () ->
            new OneOperator(Operator.LEAKY_RELU, 0, new Real(slope))
                .reads(INT8, 0.5f, 0, 1, 4)
                .makes(INT8, 0.5f, 0, 1, 4),
        "operator 0 LEAKY_RELU",
        Float.isNaN(slope) ? "its slope must be a number" : "finite");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ADD", "SUB"})
  void pair_outputFarFinerThanItsInputs_isUnsupportedByName(String name) {
    requireRefused(
        () ->
            new OneOperator(Operator.valueOf(name))
                .reads(INT8, 1f, 0, 1, 4)
                .reads(INT8, 1f, 0, 1, 4)
                .makes(INT8, 0x1p-20f, 0, 1, 4),
        "0 " + name + " (an output scale below 2^−20 of its inputs')");
  }

  /** Scales at the ends of what binary32 holds: read or refused, never an untyped failure. */
  @ParameterizedTest
  @ValueSource(
      strings = {"LOGISTIC", "TANH", "LEAKY_RELU", "HARD_SWISH", "RELU6", "RELU", "QUANTIZE"})
  void functions_extremeScales_areReadOrRefused(String name) throws IOException {
    float[] scales = {Float.MIN_VALUE, Float.MIN_NORMAL, 1, Float.MAX_VALUE};
    int read = 0;
    for (float from : scales) {
      for (float to : scales) {
        for (long zero : new long[] {-128, 127}) {
          try {
            Network network =
                new OneOperator(Operator.valueOf(name), 0, new Real(0.25f))
                    .reads(INT8, from, zero, 1, 4)
                    .makes(INT8, to, zero, 1, 4);
            assertThat(network.output().quantization().scale()).isEqualTo(to);
            read++;
          } catch (NetworkFileException typed) {
            assertThat(String.valueOf(typed.getMessage())).contains("0 " + name);
          }
        }
      }
    }
    assertThat(read).isPositive();
  }

  /**
   * A step of the smallest scale is far below any real number: steep, from one end to the other.
   */
  @Test
  void logistic_tinyOutputScale_clampsToTheLargestCode() throws IOException {
    Network network =
        new OneOperator(Operator.LOGISTIC)
            .reads(INT8, 0.5f, 0, 1, 4)
            .makes(INT8, Float.MIN_VALUE, 127, 1, 4);
    int[] table = ((CodeTable) network.layers().getFirst()).table();
    assertThat(table).containsOnly(127);
  }
}
