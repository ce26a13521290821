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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {
  @TempDir Path folder;

  @Test
  void read_numpysOwnFiles_hasTheirArrays() {
    Map<String, NpyArray> arrays = Npz.read(Golden.path("npy/xy.npz"), List.of("x", "y", "z"));
    assertThat(arrays).containsOnlyKeys("x", "y");
    assertThat(arrays.get("x")).isEqualTo(Npy.read(Golden.path("npy/i4.npy")));
    assertThat(arrays.get("y")).isEqualTo(NpyArray.of(new long[] {1, 0}, 2));
    float[] stored = new float[12];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = i - 6;
    }
    assertThat(Npz.read(Golden.path("npy/stored.npz"), List.of("x")))
        .containsEntry("x", NpyArray.of(stored, 2, 3, 2));
    assertThat(Npz.names(Golden.path("npy/xy.npz"))).containsExactly("x", "y");
  }

  @Test
  void write_twice_givesTheSameBytesAndReadsBack() throws IOException {
    LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("x", NpyArray.of(new float[100_000], 100, 1000));
    arrays.put("y", NpyArray.of(new int[] {1, 2, 3}, 3));
    Path first = folder.resolve("1.npz");
    Path second = folder.resolve("2.npz");
    Npz.write(first, arrays);
    Npz.write(second, arrays);
    assertThat(first).hasSameBinaryContentAs(second);
    assertThat(Npz.read(first, List.of("x", "y"))).isEqualTo(arrays);
  }

  private Path zip(String member, byte[] content) throws IOException {
    Path file = folder.resolve("hostile.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(member));
      zip.write(content);
      zip.closeEntry();
    }
    return file;
  }

  @Test
  void read_everyFlippedByte_isRefusedOrHarmless() throws IOException {
    NpyArray x = NpyArray.of(new int[] {1, 2, 3, 4}, 4);
    ByteArrayOutputStream npy = new ByteArrayOutputStream();
    Npy.write(x, npy);
    Path file = zip("x.npy", npy.toByteArray());
    byte[] whole = Files.readAllBytes(file);
    int refused = 0;
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x41;
      Files.write(file, damaged);
      try {
        Map<String, NpyArray> arrays = Npz.read(file, List.of("x"));
        assertThat(arrays.getOrDefault("x", x)).isEqualTo(x);
      } catch (DataException expected) {
        assertThat(expected).hasMessageStartingWith(file.toString());
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(whole.length / 4);
  }

  @Test
  void read_everyTruncation_isRefused() throws IOException {
    byte[] whole = Files.readAllBytes(Golden.path("npy/xy.npz"));
    for (int length = 0; length < whole.length; length++) {
      Path cut = Files.write(folder.resolve("cut.npz"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Npz.read(cut, List.of("x"))).isInstanceOf(DataException.class);
    }
  }

  @Test
  void read_shapeBeyondTheMember_isRefusedBeforeAllocating() throws IOException {
    byte[] text =
        "\u0093NUMPY\1\0\76\0{'descr': '<f8', 'fortran_order': False, 'shape': (2147483647,)}"
            .getBytes(StandardCharsets.ISO_8859_1);
    text[8] = (byte) (text.length - 10);
    Path file = zip("x.npy", Arrays.copyOf(text, text.length + 1_000_000));
    assertThatThrownBy(() -> Npz.read(file, List.of("x")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + "!x.npy: byte ")
        .hasMessageContaining("need 17179869176 bytes");
  }

  @Test
  void read_notAZip_isTyped() throws IOException {
    Path file = Files.writeString(folder.resolve("text.npz"), "no zip at all");
    assertThatThrownBy(() -> Npz.read(file, List.of("x"))).isInstanceOf(DataException.class);
    assertThatThrownBy(() -> Npz.names(file)).isInstanceOf(DataException.class);
    assertThatThrownBy(() -> Npz.read(folder.resolve("none.npz"), List.of("x")))
        .isInstanceOf(DataException.class);
  }
}
