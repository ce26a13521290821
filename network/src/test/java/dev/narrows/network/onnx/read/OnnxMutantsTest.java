package dev.narrows.network.onnx.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.onnx.graph.MutantReading;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import dev.narrows.network.tflite.Allocated;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Mutated files are read or refused with the typed exception, in little time and memory. Property
 * {@code narrows.mutants} says how many (interop/onnx/mutants.sh makes 200,000), {@code
 * narrows.seed} from which seed.
 */
class OnnxMutantsTest {
  private static final long SLOWEST_NANOS = 5_000_000_000L;

  /** What a few bytes may ask for: padding to many elements is no fault of a file. */
  private static final double MOVES =
      Math.clamp(Runtime.getRuntime().maxMemory() >> 2, 1L << 24, 1L << 30);

  private static final Path FILE = Path.of("mutant.onnx");

  @Test
  void read_mutants_areReadOrRefusedInBounds() throws IOException {
    int count = Integer.getInteger("narrows.mutants", 2_000);
    long seed = Long.getLong("narrows.seed", 20261128L);
    List<byte[]> sources = OnnxMutants.sources();
    int passed = 0;
    int read = 0;
    long slowest = 0;
    double most = 0;
    for (int i = 0; i < count; i++) {
      String name = "mutant of seed " + (seed + i);
      byte[] source = sources.get(i % sources.size());
      byte[] mutant = OnnxMutants.mutant(source, new SplittableRandom(seed + i));
      Reading reading = read(mutant, name);
      double bound = (1 << 27) + MOVES + 64.0 * (mutant.length + reading.inputs());
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
        "seed %d: %d mutants, %.1f %% are sound models, %.1f %% become networks, slowest %.1f ms,"
            + " %.0f %% of the memory bound%n",
        seed, count, 100.0 * passed / count, 100.0 * read / count, slowest / 1e6, 100 * most);
    assertThat(passed).isGreaterThan(count * 3 / 10);
    assertThat(read).isGreaterThan(count / 10);
  }

  /**
   * How a mutant fared.
   *
   * @param passed the checks of the model
   * @param read to a network
   * @param inputs elements that it takes, as far as reading may use memory for them
   * @param bytes allocated on the way, so more than what the heap held at any time
   */
  private record Reading(boolean passed, boolean read, long inputs, long nanos, long bytes) {}

  private static Reading read(byte[] mutant, String name) {
    boolean passed = false;
    boolean read = false;
    long inputs = 0;
    long allocated = Allocated.bytes();
    long start = Allocated.nanos();
    try {
      OnnxModel model = MutantReading.model(FILE, mutant);
      passed = true;
      inputs = inputs(model);
      OnnxReader.network(model, ReadOptions.NONE);
      read = true;
    } catch (NetworkFileException typed) {
      assertThat(typed).hasMessageContaining("mutant.onnx: ");
    } catch (NotAllNativeException typed) {
      assertThat(typed.reasons()).isNotEmpty();
    } catch (IOException | RuntimeException | Error untyped) {
      throw new AssertionError(name, untyped);
    }
    return new Reading(
        passed, read, inputs, Allocated.nanos() - start, Allocated.bytes() - allocated);
  }

  private static long inputs(OnnxModel model) {
    long elements = 0;
    for (OnnxValueInfo input : model.graph().inputs()) {
      long own = 1;
      for (OnnxValueInfo.Dim dim : input.dims().orElse(List.of())) {
        own = Math.min(1 << 22, own * dim.size().orElse(1));
      }
      elements += own;
    }
    return Math.min(1 << 22, elements);
  }
}
