package dev.narrows.network.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.hub.HubMutant;
import dev.narrows.network.tflite.Allocated;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders of encoders and of GPT-2's form with one mutated file become networks, or are refused
 * with the typed exception, in little time and memory.
 */
class HubReaderMutantsTest {
  private static final long SLOWEST_NANOS = 2_000_000_000L;

  @TempDir private Path folder;

  private Path copy(String name) throws IOException, URISyntaxException {
    Path golden =
        Path.of(
            Objects.requireNonNull(HubReaderMutantsTest.class.getResource("/golden/hub/" + name))
                .toURI());
    Path to = folder.resolve(name);
    try (Stream<Path> files = Files.walk(golden)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(golden.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.write(target, Files.readAllBytes(file));
        }
      }
    }
    return to;
  }

  @Test
  void read_mutants_areReadOrRefusedInBounds() throws IOException, URISyntaxException {
    int count = Integer.getInteger("narrows.mutants", 300);
    long seed = Long.getLong("narrows.seed", 77L);
    for (String name : List.of("bert", "gpt2")) {
      Path model = copy(name);
      List<Path> files;
      try (Stream<Path> all = Files.walk(model)) {
        files = all.filter(f -> f.toString().matches(".*(json|safetensors)")).sorted().toList();
      }
      NetworkFiles.read(model); // its classes are loaded
      int read = 0;
      for (int i = 0; i < count; i++) {
        Path file = files.get(i % files.size());
        byte[] source = Files.readAllBytes(file);
        String what = "mutant %d of %s".formatted(seed + i, file);
        Files.write(file, HubMutant.of(source, new SplittableRandom(seed + i)));
        long allocated = Allocated.bytes();
        long start = Allocated.nanos();
        read += reads(model, what) ? 1 : 0;
        assertThat(Allocated.bytes() - allocated).as("bytes for the " + what).isLessThan(1 << 25);
        assertThat(Allocated.nanos() - start).as(what).isLessThan(SLOWEST_NANOS);
        Files.write(file, source);
      }
      System.out.printf("%s: %d mutants, %.1f %% are read%n", name, count, 100.0 * read / count);
      assertThat(read).isBetween(count / 20, count - 1);
    }
  }

  private static boolean reads(Path model, String name) {
    try {
      NetworkFiles.read(model);
      return true;
    } catch (NetworkFileException typed) {
      assertThat(typed.getMessage()).as(name).startsWith(model.toString());
      return false;
    } catch (IOException | RuntimeException | Error untyped) {
      throw new AssertionError(name, untyped);
    }
  }
}
