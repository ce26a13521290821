package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.gguf.GgufFile;
import dev.narrows.network.tflite.Allocated;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutated files are read and run, or refused with the typed exception, in little time and memory.
 * Property {@code narrows.mutants} says how many, {@code narrows.seed} from which seed.
 */
class GgufMutantsTest {
  private static final long SLOWEST_NANOS = 2_000_000_000L;
  private static final long[] INTERESTING = {
    0, 1, -1, 2, 8, 9, 30, 31, 255, 1 << 16, 1 << 30, Integer.MAX_VALUE, Long.MAX_VALUE, 1L << 62
  };

  @TempDir private Path folder;

  @Test
  void open_mutants_areReadOrRefusedInBounds() throws IOException {
    int count = Integer.getInteger("narrows.mutants", 4_000);
    long seed = Long.getLong("narrows.seed", 20261129L);
    byte[] source = TinyGguf.qwen2(TinyLlama.open(folder, true, 2, 1), true).bytes();
    run(source, "the source", seed); // its classes are loaded
    int read = 0;
    for (int i = 0; i < count; i++) {
      String name = "mutant of seed " + (seed + i);
      byte[] mutant = mutant(source, new SplittableRandom(seed + i));
      long allocated = Allocated.bytes();
      long start = Allocated.nanos();
      read += run(mutant, name, seed) ? 1 : 0;
      assertThat(Allocated.bytes() - allocated)
          .as("bytes for the " + name)
          .isLessThan((1 << 24) + 40L * mutant.length);
      assertThat(Allocated.nanos() - start).as(name).isLessThan(SLOWEST_NANOS);
    }
    System.out.printf("seed %d: %d mutants, %.1f %% are read%n", seed, count, 100.0 * read / count);
    assertThat(read).isBetween(count / 20, count - 1);
  }

  private static boolean run(byte[] mutant, String name, long seed) {
    try {
      GgufLlama model = GgufLlama.of(GgufFile.of(TinyGguf.FILE, MemorySegment.ofArray(mutant)));
      int[] tokens = model.tokenizer().encode("ab" + seed);
      LanguageLoss.of(
          model,
          Math.min(4, model.shape().length()),
          Arrays.copyOf(tokens, 3),
          LayerRegisters.exact(),
          false,
          1,
          done -> {});
      return true;
    } catch (NetworkFileException typed) {
      assertThat(typed).hasMessageStartingWith("tiny.gguf: ");
    } catch (UncheckedIOException late) {
      assertThat(late.getCause()).isInstanceOf(NetworkFileException.class);
    } catch (ArithmeticException named) {
      assertThat(named).hasMessageContaining("layer"); // sums of huge numbers
    } catch (IllegalArgumentException bytes) {
      assertThat(bytes).hasMessageContaining("the vocabulary has no token for byte");
    } catch (RuntimeException | Error untyped) {
      throw new AssertionError(name, untyped);
    }
    return false;
  }

  /** Most changes are in the first part, where counts, names and sizes are. */
  private static byte[] mutant(byte[] source, SplittableRandom random) {
    byte[] bytes = source.clone();
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(4, random.nextInt(4) == 0 ? bytes.length - 8 : 12_000);
      long interesting = INTERESTING[random.nextInt(INTERESTING.length)];
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> words.putInt(at, (int) interesting);
        case 3 -> words.putLong(at, interesting);
        case 4 -> words.putInt(at, words.getInt(at) + random.nextInt(-16, 17));
        default -> {
          int length = Math.min(random.nextInt(1, 64), bytes.length - at);
          System.arraycopy(source, random.nextInt(bytes.length - length), bytes, at, length);
        }
      }
    }
    return random.nextInt(32) == 0 ? Arrays.copyOf(bytes, random.nextInt(8, bytes.length)) : bytes;
  }
}
