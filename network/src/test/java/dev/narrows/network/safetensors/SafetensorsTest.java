package dev.narrows.network.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("x.safetensors");
  }

  /** A file of a header text and data, with the length that is true or the one given. */
  private Path write(long length, String header, byte... data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(length == -1 ? text.length : length).put(text).put(data);
    return Files.write(file(), bytes.array());
  }

  private void assertRefused(String message, String header, byte... data) throws IOException {
    Path file = write(-1, header, data);
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> SafetensorsFile.open(file).close())
        .withMessageStartingWith(file.toString())
        .withMessageContaining(message);
  }

  @Test
  void file_everyWritableType_readsBackEqual() throws IOException {
    new SafetensorsWriter()
        .metadata("who", "a \"quoted\" text, ümlaut")
        .ints("bytes", SafetensorsType.I8, new int[] {-128, 0, 127}, 3)
        .ints("unsigned", SafetensorsType.U8, new int[] {0, 255}, 2, 1)
        .ints("shorts", SafetensorsType.I16, new int[] {-32768, 32767}, 2)
        .ints("ints", SafetensorsType.I32, new int[] {Integer.MIN_VALUE, 5}, 1, 2)
        .longs("longs", new long[] {Long.MIN_VALUE, 7}, 2)
        .floats("floats", new float[] {Float.NaN, -0.0f, 1e-45f}, 3)
        .doubles("doubles", new double[] {Double.POSITIVE_INFINITY, Math.PI}, 2)
        .ints("none", SafetensorsType.I8, new int[0], 0, 4)
        .longs("scalar", new long[] {3})
        .write(file());
    try (SafetensorsFile read = SafetensorsFile.open(file())) {
      assertThat(read.metadata()).containsEntry("who", "a \"quoted\" text, ümlaut");
      assertThat(read.ints("bytes")).containsExactly(-128, 0, 127);
      assertThat(read.ints("unsigned")).containsExactly(0, 255);
      assertThat(read.entry("unsigned").shape()).containsExactly(2, 1);
      assertThat(read.ints("shorts")).containsExactly(-32768, 32767);
      assertThat(read.ints("ints")).containsExactly(Integer.MIN_VALUE, 5);
      assertThat(read.longs("ints")).containsExactly(Integer.MIN_VALUE, 5);
      assertThat(read.longs("longs")).containsExactly(Long.MIN_VALUE, 7);
      assertThat(read.floats("floats")).containsExactly(Float.NaN, -0.0f, 1e-45f);
      assertThat(read.doubles("doubles")).containsExactly(Double.POSITIVE_INFINITY, Math.PI);
      assertThat(read.ints("none")).isEmpty();
      assertThat(read.entry("scalar").shape()).isEmpty();
      for (SafetensorsEntry entry : read.entries().values()) {
        assertThat(entry.begin() % entry.type().bytes()).as(entry.name()).isZero();
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file()); // no temporary file is left
    }
  }

  /** A size of 0 at any place, in a file without a byte of data and between tensors with some. */
  @Test
  void file_tensorsWithoutElements_readBackEqual() throws IOException {
    int[][] shapes = {{0}, {1, 0}, {0, 7}, {3, 0, 5}, {2, 9, 0}, {0, 0}, {1 << 30, 1 << 30, 0}};
    for (boolean alone : new boolean[] {true, false}) {
      SafetensorsWriter writer = new SafetensorsWriter();
      for (int i = 0; i < shapes.length; i++) {
        writer.longs("wide" + i, new long[0], shapes[i]);
        writer.ints("narrow" + i, SafetensorsType.I8, new int[0], shapes[i]);
      }
      if (!alone) {
        writer
            .longs("data", new long[] {5, -6}, 2)
            .ints("byte", SafetensorsType.I8, new int[] {1}, 1);
      }
      writer.write(file());
      try (SafetensorsFile read = SafetensorsFile.open(file())) {
        for (int i = 0; i < shapes.length; i++) {
          assertThat(read.longs("wide" + i)).isEmpty();
          assertThat(read.ints("narrow" + i)).isEmpty();
          assertThat(read.entry("wide" + i).shape())
              .isEqualTo(Arrays.stream(shapes[i]).boxed().toList());
        }
        if (!alone) {
          assertThat(read.longs("data")).containsExactly(5, -6);
          assertThat(read.ints("byte")).containsExactly(1);
        }
      }
    }
  }

  @Test
  void file_emptyTensorThatClaimsBytes_isRefused() throws IOException {
    String entry = "{\"t\":{\"dtype\":\"I64\",\"shape\":[1,0],\"data_offsets\":[%d,%d]}}";
    assertRefused("must span the 0 bytes", entry.formatted(0, 8), new byte[8]);
    assertRefused("tensors end at byte 0, but the file has 8", entry.formatted(0, 0), new byte[8]);
    assertRefused("data must start at byte 0", entry.formatted(8, 8), new byte[8]);
    assertRefused("must span the 0 bytes", entry.formatted(1, 1));
    assertRefused(
        "data must start at byte 8",
        """
        {"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},
         "b":{"dtype":"I64","shape":[0],"data_offsets":[4,4]}}\
        """,
        new byte[8]);
    assertRefused(
        "shape needs more bytes",
        "{\"t\":{\"dtype\":\"I8\",\"shape\":[0,4294967296],\"data_offsets\":[0,0]}}");
  }

  @Test
  void file_halfPrecisionAndBool_areRead() throws IOException {
    write(
        -1,
        """
        {"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},
         "b":{"dtype":"BF16","shape":[1],"data_offsets":[4,6]},
         "t":{"dtype":"BOOL","shape":[2],"data_offsets":[6,8]}}\
        """,
        new byte[] {0, 0x3C, 1, 0, (byte) 0x80, (byte) 0xBF, 1, 0});
    try (SafetensorsFile read = SafetensorsFile.open(file())) {
      assertThat(read.floats("h")).containsExactly(1.0f, 0x1p-24f);
      assertThat(read.floats("b")).containsExactly(-1.0f);
      assertThat(read.doubles("b")).containsExactly(-1.0);
      assertThat(read.ints("t")).containsExactly(1, 0);
      assertThatExceptionOfType(NetworkFileException.class)
          .isThrownBy(() -> read.ints("h"))
          .withMessageContaining("tensor \"h\": expected one of [I32, I16, I8, U8, BOOL], got F16");
      assertThatExceptionOfType(NetworkFileException.class)
          .isThrownBy(() -> read.floats("absent"))
          .withMessageContaining("tensor \"absent\": missing");
    }
  }

  @Test
  void file_boolThatIsNeither_isRefused() throws IOException {
    write(-1, "{\"t\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[0,1]}}", (byte) 2);
    try (SafetensorsFile read = SafetensorsFile.open(file())) {
      assertThatExceptionOfType(NetworkFileException.class)
          .isThrownBy(() -> read.ints("t"))
          .withMessageContaining("BOOL bytes must be 0 or 1");
    }
  }

  @Test
  void header_lengthBeyondTheFile_isRefusedBeforeAllocating() throws IOException {
    for (long length : List.of(3L, 99_999_999L, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE)) {
      Path file = write(length, "{}");
      assertThatExceptionOfType(NetworkFileException.class)
          .isThrownBy(() -> SafetensorsFile.open(file).close())
          .withMessageContaining("header length: must be in [2, 2] for a file of 10 bytes, got");
    }
  }

  @Test
  void file_missingEmptyOrFolder_isRefused() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty"));
    for (Path path : List.of(folder.resolve("absent"), folder, empty)) {
      assertThatExceptionOfType(NetworkFileException.class)
          .isThrownBy(() -> SafetensorsFile.open(path).close())
          .withMessageStartingWith(path.toString());
    }
  }

  @Test
  void header_notJsonOrDeepOrTwice_isRefused() throws IOException {
    assertRefused("not valid JSON", "{\"a\":");
    assertRefused("must start with '{'", "[1,2]");
    assertRefused("not valid JSON", "{} {}");
    assertRefused("not valid JSON", "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}");
    assertRefused(
        "not valid JSON",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
            + "\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}");
    assertRefused("expected a text", "{\"__metadata__\":{\"a\":1}}");
    assertRefused("expected an object of texts", "{\"__metadata__\":[]}");
  }

  @Test
  void entry_unsoundInAnyField_isRefused() throws IOException {
    byte[] four = new byte[4];
    assertRefused("dtype, shape and data_offsets", "{\"a\":1}", four);
    assertRefused(
        "dtype, shape and data_offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", four);
    assertRefused(
        "expected a dtype of",
        "{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        four);
    assertRefused(
        "whole numbers from 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
        four);
    assertRefused(
        "whole numbers from 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}",
        four);
    assertRefused(
        "shape needs more bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}}",
        four);
    assertRefused(
        "shape needs more bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,4]}}",
        four);
    assertRefused(
        "must span the 4 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}",
        four);
    assertRefused(
        "must span the 4 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[1,5]}}",
        four);
    assertRefused(
        "at most 2 whole numbers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}}",
        four);
  }

  @Test
  void entries_overlappingOrLeavingHoles_areRefused() throws IOException {
    String byteAt = "\"%s\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[%d,%d]}";
    assertRefused(
        "must start at byte 2",
        "{" + byteAt.formatted("a", 0, 2) + "," + byteAt.formatted("b", 1, 3) + "}",
        new byte[3]);
    assertRefused(
        "must start at byte 2",
        "{" + byteAt.formatted("a", 0, 2) + "," + byteAt.formatted("b", 3, 5) + "}",
        new byte[5]);
    assertRefused(
        "tensors end at byte 2, but the file has 3",
        "{" + byteAt.formatted("a", 0, 2) + "}",
        new byte[3]);
  }

  @Test
  void writer_valueBeyondItsType_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SafetensorsWriter().ints("a", SafetensorsType.I8, new int[] {128}, 1))
        .withMessage("a: 128 does not fit I8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SafetensorsWriter().floats("a", new float[3], 2))
        .withMessageContaining("shape holds 2 elements, got 3");
  }
}
