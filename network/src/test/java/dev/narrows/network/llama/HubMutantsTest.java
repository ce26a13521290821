package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.hub.HubFolder;
import dev.narrows.network.tflite.Allocated;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
  private static final List<String> INTERESTING =
      List.of(
          "0",
          "1",
          "-1",
          "2",
          "1048576",
          "2147483647",
          "9223372036854775807",
          "1e99",
          "0.5",
          "null",
          "true",
          "[]",
          "{}",
          "\"\"",
          "\"BF16\"",
          "\"I64\"",
          "[0,0]",
          "8");

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
      Files.write(file, mutant(source, new SplittableRandom(seed + i)));
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

  /** A byte, a number or a value in its place, a part twice or left out, or the end left out. */
  private static byte[] mutant(byte[] source, SplittableRandom random) {
    int text = Math.min(source.length, 2_600); // JSON, or the header of tensors
    int at = random.nextInt(text);
    byte[] bytes = source.clone();
    switch (random.nextInt(5)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> {
        int from = at;
        while (from < text && (source[from] < '0' || source[from] > '9')) {
          from++;
        }
        int to = from;
        while (to < text && source[to] >= '0' && source[to] <= '9') {
          to++;
        }
        String value = INTERESTING.get(random.nextInt(INTERESTING.size()));
        return spliced(source, from, to, value.getBytes(StandardCharsets.UTF_8));
      }
      case 3 -> {
        int to = Math.min(source.length, at + random.nextInt(1, 60));
        return spliced(
            source, at, random.nextBoolean() ? to : at, Arrays.copyOfRange(source, at, to));
      }
      default -> {
        return random.nextInt(4) == 0
            ? Arrays.copyOf(source, at)
            : spliced(source, at, Math.min(source.length, at + random.nextInt(1, 20)), new byte[0]);
      }
    }
    return bytes;
  }

  /**
   * With another part; the length of a header of tensors stays true, so that the header is seen.
   */
  private static byte[] spliced(byte[] source, int from, int to, byte[] part) {
    byte[] bytes = new byte[source.length - (to - from) + part.length];
    System.arraycopy(source, 0, bytes, 0, from);
    System.arraycopy(part, 0, bytes, from, part.length);
    System.arraycopy(source, to, bytes, from + part.length, source.length - to);
    if (source[0] != '{' && from >= 8) {
      int length = (source[0] & 255) + ((source[1] & 255) << 8) + part.length - (to - from);
      bytes[0] = (byte) length;
      bytes[1] = (byte) (length >> 8);
    }
    return bytes;
  }
}
