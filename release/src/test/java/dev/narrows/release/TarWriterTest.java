package dev.narrows.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarWriterTest {
  @TempDir private Path folder = Path.of("");

  private Path filled(String name) throws IOException {
    Path made = folder.resolve(name);
    Path deep = made.resolve("a".repeat(60)).resolve("b".repeat(60));
    Files.createDirectories(deep);
    Files.writeString(deep.resolve("long.txt"), "far down");
    Files.writeString(made.resolve("empty"), "");
    Files.write(made.resolve("block"), new byte[512]);
    Files.writeString(made.resolve("Ünïcode"), "ü");
    Files.createDirectories(made.resolve("nothing in it"));
    Files.createSymbolicLink(made.resolve("link"), Path.of("block"));
    Files.writeString(made.resolve("run"), "#!/bin/sh\n");
    assertThat(made.resolve("run").toFile().setExecutable(true)).isTrue();
    return made;
  }

  private Path packed(Path from, String name) throws IOException {
    Path archive = folder.resolve(name);
    try (TarWriter tar = new TarWriter(archive, 1_767_225_600)) {
      tar.addFolder(from, "top");
    }
    return archive;
  }

  private static String run(Path where, String... words) throws Exception {
    Process process =
        new ProcessBuilder(words).directory(where.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void archive_unpackedByTar_isTheFolderAgain() throws Exception {
    Path from = filled("one");
    Path archive = packed(from, "one.tar.gz");
    Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
    run(unpacked, "tar", "-xzf", archive.toString());
    assertThat(run(folder, "diff", "-r", from.toString(), unpacked.resolve("top").toString()))
        .isEmpty();
    Path top = unpacked.resolve("top");
    assertThat(Files.isExecutable(top.resolve("run"))).isTrue();
    assertThat(Files.isExecutable(top.resolve("block"))).isFalse();
    assertThat(Files.readSymbolicLink(top.resolve("link"))).isEqualTo(Path.of("block"));
    assertThat(Files.getLastModifiedTime(top.resolve("empty")).toMillis())
        .isEqualTo(1_767_225_600_000L);
  }

  @Test
  void archive_ofAnEqualFolder_isTheSameBytes() throws Exception {
    Path first = packed(filled("one"), "one.tar.gz");
    Path second = packed(filled("two"), "two.tar.gz");
    assertThat(Files.mismatch(first, second)).isNegative();
  }

  @Test
  void archive_ofANameThatFitsNoHeader_isRefused() throws Exception {
    Path from = folder.resolve("long");
    Files.createDirectories(from);
    Files.writeString(from.resolve("n".repeat(120)), "");
    assertThatThrownBy(() -> packed(from, "long.tar.gz"))
        .isInstanceOf(ReleaseException.class)
        .hasMessageContaining("too long");
  }
}
