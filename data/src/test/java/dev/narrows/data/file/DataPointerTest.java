package dev.narrows.data.file;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.DataException;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.DataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataPointerTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"x.npy", "x.npz", "cat/a.png", "cat/a.jpg"})
  void open_gitLfsPointer_isNamedAsSuch(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(
        file, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n");
    String asked = (name.contains("/") ? folder : file).toString();
    assertThatThrownBy(() ->
            DataSource.open(asked, DataSource.Options.of(DataRoots.ofProcess(Optional.empty()))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file.getFileName().toString())
        .hasMessageContaining("is a Git LFS pointer");
  }
}
