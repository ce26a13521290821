package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.hub.HubFolder;
import dev.narrows.network.hub.HubMutant;
import dev.narrows.network.tflite.Allocated;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders with one mutated file are read and run, or refused with the typed exception, in little
 * time and memory. Property {@code narrows.mutants} says how many, {@code narrows.seed} from which
 * seed.
 */
class HubMutantsTest {
  private static final long SLOWEST_NANOS = 2_000_000_000L;
  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "tokenizer.json");
  @TempDir private Path folder;

  @Test
  void open_mutants_areReadOrRefusedInBounds() throws IOException {
    int count = Integer.getInteger("narrows.mutants", 600);
    long seed = Long.getLong("narrows.seed", 20261130L);
    Path model =
        TinyHub.write(folder.resolve("m"), "qwen2", TinyLlama.open(folder, true, 2, 1), "BF16");
    run(model, "the source"); // its classes are loaded
    int read = 0;
    for (int i = 0; i < count; i++) {
      String name = FILES.get(i % FILES.size());
      Path file = model.resolve(name);
      byte[] source = Files.readAllBytes(file);
      String what = "mutant %d of %s".formatted(seed + i, name);
      Files.write(file, HubMutant.of(source, new SplittableRandom(seed + i)));
      long allocated = Allocated.bytes();
      long start = Allocated.nanos();
      read += run(model, what) ? 1 : 0;
      assertThat(Allocated.bytes() - allocated).as("bytes for the " + what).isLessThan(1 << 25);
      assertThat(Allocated.nanos() - start).as(what).isLessThan(SLOWEST_NANOS);
      Files.write(file, source);
    }
    System.out.printf("seed %d: %d mutants, %.1f %% are read%n", seed, count, 100.0 * read / count);
    assertThat(read).isBetween(count / 20, count - 1);
  }

  private static boolean run(Path folder, String name) {
    try {
      HubLlama model = HubLlama.open(HubFolder.of(folder).orElseThrow());
      int[] tokens = Arrays.copyOf(model.tokenizer().encode("ab cab"), 3);
      LanguageLoss.of(
          model,
          Math.min(4, model.shape().length()),
          tokens,
          LayerRegisters.exact(),
          false,
          1,
          done -> {});
      return true;
    } catch (NetworkFileException typed) {
      assertThat(typed.getMessage()).as(name).startsWith(folder.toString());
    } catch (UncheckedIOException late) {
      assertThat(late.getCause()).isInstanceOf(NetworkFileException.class);
    } catch (ArithmeticException named) {
      assertThat(named).hasMessageContaining("layer"); // sums of huge numbers
    } catch (IllegalArgumentException bytes) {
      assertThat(bytes).as(name).hasMessageContaining("the vocabulary has no token for byte");
    } catch (IOException | RuntimeException | Error untyped) {
      throw new AssertionError(name, untyped);
    }
    return false;
  }
}
