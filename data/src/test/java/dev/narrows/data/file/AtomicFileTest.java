package dev.narrows.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void write_failingHalfWay_leavesTheOldFileAndNothingElse() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "old");
    assertThatThrownBy(() ->
            AtomicFile.write(
                file,
                out -> {
                  out.write(new byte[200_000]);
                  throw new IOException("No space left on device");
                }))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": No space left on device");
    assertThat(file).hasContent("old");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void write_overAFile_replacesIt() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "old and longer");
    AtomicFile.write(file, out -> out.write('n'));
    assertThat(file).hasContent("n");
  }

  @Test
  void write_folderMissing_failsWithoutMakingIt() {
    assertThatThrownBy(() -> AtomicFile.write(folder.resolve("no/f"), out -> out.write(1)))
        .isInstanceOf(IOException.class);
    assertThat(folder.resolve("no")).doesNotExist();
  }
}
