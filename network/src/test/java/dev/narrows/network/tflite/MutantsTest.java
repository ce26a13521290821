package dev.narrows.network.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Mutated files are read or refused with the typed exception, in little time and memory. Property
 * {@code narrows.mutants} says how many (interop/litert/mutants.sh makes 200,000), {@code
 * narrows.seed} from which seed; real files under NARROWS_DATA are mutated too where there are any.
 */
class MutantsTest {
  private static final long SLOWEST_NANOS = 2_000_000_000L;
  private static final int[] INTERESTING = {
    0,
    1,
    -1,
    2,
    3,
    4,
    7,
    8,
    127,
    128,
    255,
    256,
    1 << 16,
    1 << 30,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Float.floatToRawIntBits(Float.NaN),
    Float.floatToRawIntBits(1e38f)
  };

  private static final Path FILE = Path.of("mutant.tflite");

  /**
   * What is mutated, and how often each kind: a small file of many operators, one operator, real
   * ones.
   */
  private record Sources(byte[] small, List<byte[]> operators, List<byte[]> real) {
    static Sources found() throws IOException, URISyntaxException {
      List<byte[]> operators = new ArrayList<>();
      URL folder = MutantsTest.class.getResource("/golden/litert/operators");
      try (Stream<Path> files = Files.list(Path.of(Objects.requireNonNull(folder).toURI()))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".tflite")).sorted().toList()) {
          operators.add(Files.readAllBytes(file));
        }
      }
      List<byte[]> real = new ArrayList<>();
      for (String root : System.getenv().getOrDefault("NARROWS_DATA", "").split(":")) {
        for (String name :
            List.of(
                "tflite-micro/micro_speech_quantized.tflite", "mlperf-tiny/kws_ref_model.tflite")) {
          Path file = Path.of(root, "models", name);
          if (Files.isRegularFile(file)) {
            real.add(Files.readAllBytes(file));
          }
        }
      }
      return new Sources(new SmallTflite().bytes(), operators, real);
    }

    byte[] of(int mutant) {
      List<byte[]> turn =
          switch (mutant % 4) {
            case 0 -> List.of(small);
            case 3 -> real.isEmpty() ? operators : real;
            default -> operators;
          };
      return turn.get(mutant / 4 % turn.size());
    }
  }

  @Test
  void read_mutants_areReadOrRefusedInBounds() throws IOException, URISyntaxException {
    int count = Integer.getInteger("narrows.mutants", 2_000);
    long seed = Long.getLong("narrows.seed", 20261122L);
    Sources sources = Sources.found();
    int passed = 0;
    int read = 0;
    long slowest = 0;
    double most = 0;
    for (int i = 0; i < count; i++) {
      String name = "mutant of seed " + (seed + i);
      byte[] mutant = mutant(sources.of(i), new SplittableRandom(seed + i));
      double bound = (1 << 24) + 4.0 * mutant.length;
      Reading reading = read(mutant, name);
      if (reading.bytes() > bound) { // the classes that it was first to load are no part of it
        reading = read(mutant, name);
      }
      passed += reading.passed() ? 1 : 0;
      read += reading.read() ? 1 : 0;
      slowest = Math.max(slowest, reading.nanos());
      most = Math.max(most, reading.bytes() / bound);
      assertThat((double) reading.bytes()).as("bytes for the " + name).isLessThanOrEqualTo(bound);
      assertThat(reading.nanos()).as(name).isLessThan(SLOWEST_NANOS);
    }
    System.out.printf(
        "seed %d: %d mutants, %.1f %% pass the header check, %.1f %% are read, slowest %.1f ms,"
            + " %.0f %% of the memory bound%n",
        seed, count, 100.0 * passed / count, 100.0 * read / count, slowest / 1e6, 100 * most);
    assertThat(passed).isGreaterThan(count * 3 / 10);
  }

  /**
   * How a mutant fared.
   *
   * @param passed the header check
   * @param read to the end
   * @param bytes allocated on the way, so more than what the heap held at any time
   */
  private record Reading(boolean passed, boolean read, long nanos, long bytes) {}

  private static Reading read(byte[] mutant, String name) {
    boolean passed = false;
    boolean read = false;
    long allocated = Allocated.bytes();
    long start = Allocated.nanos();
    try {
      FlatModel model = FlatModel.of(FlatBytes.of(FILE, ByteBuffer.wrap(mutant)));
      passed = true;
      new GraphImport(model).network("mutant");
      read = true;
    } catch (NetworkFileException typed) {
      assertThat(typed).hasMessageContaining("mutant.tflite: ");
    } catch (RuntimeException | Error untyped) {
      throw new AssertionError(name, untyped);
    }
    return new Reading(passed, read, Allocated.nanos() - start, Allocated.bytes() - allocated);
  }

  private static byte[] mutant(byte[] source, SplittableRandom random) {
    byte[] bytes = source.clone();
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int word = random.nextInt(2, bytes.length / 4) * 4;
      switch (random.nextInt(8)) {
        case 0 -> bytes[word] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[word + random.nextInt(4)] = (byte) random.nextInt(256);
        case 2 -> words.putInt(word, INTERESTING[random.nextInt(INTERESTING.length)]);
        case 3 -> words.putInt(word, words.getInt(word) + random.nextInt(-16, 17));
        case 4 -> words.putInt(word, words.getInt(random.nextInt(2, bytes.length / 4) * 4));
        case 5 -> words.putShort(word + 2 * random.nextInt(2), (short) random.nextInt(64));
        case 6 -> words.putInt(word, random.nextInt(bytes.length)); // an offset, maybe backwards
        default -> {
          int length = Math.min(random.nextInt(1, 64), bytes.length - word);
          int from = random.nextInt(8, bytes.length - length + 1);
          System.arraycopy(source, from, bytes, word, length);
        }
      }
    }
    return random.nextInt(32) == 0 ? Arrays.copyOf(bytes, random.nextInt(8, bytes.length)) : bytes;
  }
}
