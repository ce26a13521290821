package dev.narrows.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyBlocksTest {
  @TempDir private Path folder;

  @Test
  void write_blocksInAnyOrder_givesTheBytesOfTheWholeArray() throws IOException {
    int[] values = IntStream.range(0, 5 * 6).toArray();
    Path whole = folder.resolve("whole.npy");
    Npy.write(whole, NpyArray.of(values, 5, 2, 3));
    Path file = folder.resolve("blocks.npy");
    try (NpyBlocks blocks = new NpyBlocks(file, NpyType.INT32, List.of(5, 2, 3))) {
      blocks.write(3, NpyArray.of(Arrays.copyOfRange(values, 18, 30), 2, 2, 3));
      blocks.write(0, NpyArray.of(Arrays.copyOfRange(values, 0, 18), 3, 2, 3));
      assertThat(file).doesNotExist();
      blocks.publish();
    }
    assertThat(file).hasSameBinaryContentAs(whole);
    assertThat(folder.toFile().list()).hasSize(2);
  }

  @Test
  void close_beforePublishing_leavesNothing() throws IOException {
    Path file = folder.resolve("blocks.npy");
    Files.writeString(file, "before");
    try (NpyBlocks blocks = new NpyBlocks(file, NpyType.INT32, List.of(1, 2))) {
      blocks.write(0, NpyArray.of(new int[2], 1, 2));
    }
    assertThat(file).content().isEqualTo("before");
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void write_blockOfAnotherShape_isRefused() throws IOException {
    Path file = folder.resolve("blocks.npy");
    try (NpyBlocks blocks = new NpyBlocks(file, NpyType.INT32, List.of(2, 3))) {
      for (NpyArray block :
          List.of(
              NpyArray.of(new int[2], 1, 2),
              NpyArray.of(new int[6], 2, 3),
              NpyArray.of(new float[3], 1, 3))) {
        assertThatThrownBy(() -> blocks.write(1, block))
            .isInstanceOf(DataException.class)
            .hasMessageContaining("is no part of [2, 3]");
      }
    }
  }
}
