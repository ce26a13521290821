package dev.narrows.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.DataException;
import dev.narrows.data.ImageSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarBinaryTest {
  @TempDir Path folder;

  private Path batch(String name, long seed, int... labels) throws IOException {
    byte[] content = new byte[3073 * labels.length];
    new SplittableRandom(seed).nextBytes(content);
    for (int i = 0; i < labels.length; i++) {
      content[3073 * i] = (byte) labels[i];
    }
    return Files.write(folder.resolve(name), content);
  }

  @Test
  void read_twoBatches_joinsThemInOrder() throws IOException {
    Path first = batch("1.bin", 1, 3, 9);
    Path second = batch("2.bin", 2, 0);
    ImageSet set = CifarBinary.read("s", List.of(first, second), 10, List.of());
    assertThat(set.labels()).containsExactly(3, 9, 0);
    assertThat(set.channels()).isEqualTo(3);
    byte[] one = Files.readAllBytes(first);
    byte[] two = Files.readAllBytes(second);
    assertThat(Arrays.copyOfRange(set.pixels(), 3072, 6144))
        .isEqualTo(Arrays.copyOfRange(one, 3074, 6146));
    assertThat(Arrays.copyOfRange(set.pixels(), 6144, 9216))
        .isEqualTo(Arrays.copyOfRange(two, 1, 3073));
  }

  @Test
  void read_truncated_namesTheLengthItShouldHave() throws IOException {
    Path whole = batch("whole.bin", 1, 1, 2);
    Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(Files.readAllBytes(whole), 6145));
    assertThatThrownBy(() -> CifarBinary.read("s", List.of(whole, cut), 10, List.of()))
        .isInstanceOf(DataException.class)
        .hasMessage(
            cut
                + ": 6145 bytes long, expected a positive multiple of 3073"
                + " (a label and 3×32×32 pixels)");
    Path empty = Files.write(folder.resolve("empty"), new byte[0]);
    assertThatThrownBy(() -> CifarBinary.read("s", List.of(empty), 10, List.of()))
        .isInstanceOf(DataException.class);
  }

  @Test
  void read_labelOutOfRange_namesItsByte() throws IOException {
    Path file = batch("bad.bin", 1, 1, 10);
    assertThatThrownBy(() -> CifarBinary.read("s", List.of(file), 10, List.of()))
        .hasMessage(file + ": byte 3073: label is 10, expected 0 to 9");
  }
}
