package dev.narrows.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.DataException;
import dev.narrows.data.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
  @TempDir Path folder;

  private static String code(NpyType type) {
    return type.descr().substring(1);
  }

  private static byte[] written(NpyArray array) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write(array, out);
    return out.toByteArray();
  }

  @ParameterizedTest
  @EnumSource
  void read_numpysOwnFile_hasItsValues(NpyType type) {
    NpyArray array = Npy.read(Golden.path("npy/" + code(type) + ".npy"));
    assertThat(array.type()).isEqualTo(type);
    assertThat(array.shape()).containsExactly(2, 3, 2);
    for (int i = 0; i < 12; i++) {
      switch (type) {
        case BOOL -> assertThat(array.integer(i)).isEqualTo(i == 0 ? 0 : 1);
        case UINT8, UINT16, UINT32, UINT64 -> assertThat(array.integer(i)).isEqualTo(i);
        case INT8, INT16, INT32, INT64 -> assertThat(array.integer(i)).isEqualTo(i - 6);
        case FLOAT16, FLOAT32, FLOAT64 -> assertThat(array.real(i)).isEqualTo((i - 6) / 4.0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void read_bigEndianAndFortranOrder_equalThePlainFile(NpyType type) {
    NpyArray plain = Npy.read(Golden.path("npy/" + code(type) + ".npy"));
    assertThat(Npy.read(Golden.path("npy/" + code(type) + "_big.npy"))).isEqualTo(plain);
    assertThat(Npy.read(Golden.path("npy/" + code(type) + "_fortran.npy"))).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"version2", "version3"})
  void read_laterVersions_equalTheFirst(String name) {
    assertThat(Npy.read(Golden.path("npy/" + name + ".npy")))
        .isEqualTo(Npy.read(Golden.path("npy/i4.npy")));
  }

  @ParameterizedTest
  @EnumSource
  void write_whatWasRead_givesNumpysBytes(NpyType type) throws IOException {
    Path file = Golden.path("npy/" + code(type) + ".npy");
    assertThat(written(Npy.read(file))).isEqualTo(Files.readAllBytes(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector", "empty"})
  void write_unusualShapes_givesNumpysBytes(String name) throws IOException {
    Path file = Golden.path("npy/" + name + ".npy");
    assertThat(written(Npy.read(file))).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void write_toFile_readsBackEqualAndLeavesNoTemporary() throws IOException {
    List<NpyArray> arrays =
        List.of(
            NpyArray.of(new byte[] {1, -2}, 2),
            NpyArray.ofUnsigned(new byte[] {1, -2}, 2, 1),
            NpyArray.of(new int[] {Integer.MIN_VALUE, 5}, 2),
            NpyArray.of(new long[] {Long.MIN_VALUE, 5}, 1, 2),
            NpyArray.of(new float[] {Float.NaN, -0f}, 2),
            NpyArray.of(new double[] {Double.MIN_VALUE, 5}, 2));
    Path file = folder.resolve("x.npy");
    for (NpyArray array : arrays) {
      Npy.write(file, array);
      assertThat(Npy.read(file)).isEqualTo(array);
    }
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
    assertThat(arrays.get(1).toInts()).containsExactly(1, 254);
  }

  @Test
  void read_moreThanOneChunkBigEndian_isSwappedThroughout() throws IOException {
    int[] values = new int[40_000];
    Arrays.setAll(values, i -> i * 0x01020305);
    byte[] little = written(NpyArray.of(values, values.length));
    byte[] big = little.clone();
    int start = little.length - 4 * values.length;
    for (int i = start; i < big.length; i++) {
      big[i] = little[start + ((i - start) ^ 3)];
    }
    String header = new String(big, 0, start, StandardCharsets.ISO_8859_1).replace("<i4", ">i4");
    System.arraycopy(header.getBytes(StandardCharsets.ISO_8859_1), 0, big, 0, start);
    Path file = Files.write(folder.resolve("big.npy"), big);
    assertThat(Npy.read(file).toInts()).isEqualTo(values);
  }

  @Test
  void toInts_beyond32Bits_namesTheElement() {
    assertThatThrownBy(() -> NpyArray.of(new long[] {1, 1L << 31}, 2).toInts())
        .isInstanceOf(DataException.class)
        .hasMessage("element 1 is 2147483648, expected a signed 32-bit integer");
    NpyArray unsigned =
        new NpyArray(NpyType.UINT64, List.of(1), NpyArray.of(new long[] {-1}, 1).data());
    assertThatThrownBy(unsigned::toInts)
        .hasMessage("element 0 is 18446744073709551615, expected less than 2^63");
  }

  private Path withHeader(String header, int dataBytes) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    byte[] file = new byte[10 + text.length + dataBytes];
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    System.arraycopy(start, 0, file, 0, 8);
    file[8] = (byte) text.length;
    file[9] = (byte) (text.length >> 8);
    System.arraycopy(text, 0, file, 10, text.length);
    return Files.write(folder.resolve("hostile.npy"), file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'shape': (1,)}",
        "{'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'evil': 1}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 65536, 65536)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
            + "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)}",
        "{'descr': 'f4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '=f4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4, 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4"
      })
  void read_hostileHeader_isRefusedWithItsPlace(String header) throws IOException {
    Path file = withHeader(header, 4);
    assertThatThrownBy(() -> Npy.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + ": byte 10: ");
  }

  @Test
  void read_shapeBeyondTheFile_isRefusedBeforeAllocating() throws IOException {
    Path file = withHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (2147483647,)}", 16);
    assertThatThrownBy(() -> Npy.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("need 17179869176 bytes, but only 16 follow");
  }

  @Test
  void read_everyTruncation_isRefused() throws IOException {
    byte[] whole = Files.readAllBytes(Golden.path("npy/i4.npy"));
    for (int length = 0; length < whole.length; length++) {
      Path cut = Files.write(folder.resolve("cut.npy"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Npy.read(cut))
          .as("%d bytes", length)
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith(cut + ": byte ");
    }
    Path longer = Files.write(folder.resolve("l"), Arrays.copyOf(whole, whole.length + 1));
    assertThatThrownBy(() -> Npy.read(longer)).hasMessageContaining("expected the end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"npy/record.npy", "npy/object.npy", "gray.png"})
  void read_otherKindsOfFile_isRefused(String name) {
    assertThatThrownBy(() -> Npy.read(Golden.path(name))).isInstanceOf(DataException.class);
  }

  @Test
  void read_hugeHeaderLength_isRefused() throws IOException {
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1};
    Path file = Files.write(folder.resolve("h.npy"), start);
    assertThatThrownBy(() -> Npy.read(file))
        .hasMessage(file + ": byte 12: header of 4294967295 bytes, expected at most 65536");
    start[6] = 9;
    Files.write(file, start);
    assertThatThrownBy(() -> Npy.read(file))
        .hasMessage(file + ": byte 6: version 9.0, expected 1.0, 2.0 or 3.0");
  }
}
