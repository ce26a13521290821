package dev.narrows.hosted;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerArithmeticException;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.hosted.HostedException;
import dev.narrows.network.onnx.graph.MutantReading;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import dev.narrows.network.onnx.read.NotAllNativeException;
import dev.narrows.network.onnx.read.OnnxMutants;
import dev.narrows.network.onnx.read.OnnxReader;
import dev.narrows.network.program.ProgramException;
import dev.narrows.network.program.ProgramModel;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Reads mutated files and calls what they become once, on numbers by chance; a program of its own,
 * since the runtime is native code, which ends its whole process if it fails badly.
 *
 * <p>{@code MutantCalls STATE FINDINGS SEED COUNT}: goes on where the state file says, and writes
 * what should not be to the findings.
 */
final class MutantCalls {
  /** The exit code if a call takes too long. */
  static final int TOO_LONG = 97;

  private static final long LONGEST_MILLIS = 20_000;
  private static final int MOST_WORDS = 1 << 20; // of an input
  private static final Path FILE = Path.of("mutant.onnx");

  private final SplittableRandom random;

  private MutantCalls(SplittableRandom random) {
    this.random = random;
  }

  public static void main(String[] arguments) throws IOException {
    Path findings = Path.of(arguments[1]);
    long seed = Long.parseLong(arguments[2]);
    long count = Long.parseLong(arguments[3]);
    List<byte[]> sources = OnnxMutants.sources();
    try (MutantTally tally = MutantTally.open(Path.of(arguments[0]))) {
      watch(tally);
      while (tally.at() < count) {
        long number = seed + tally.at();
        byte[] source = sources.get((int) (tally.at() % sources.size()));
        SplittableRandom random = new SplittableRandom(number);
        byte[] mutant = OnnxMutants.mutant(source, random);
        MutantTally.End end;
        try {
          end = new MutantCalls(random).call(mutant);
        } catch (RuntimeException | Error untyped) {
          end = MutantTally.End.UNTYPED;
          StringWriter trace = new StringWriter();
          untyped.printStackTrace(new PrintWriter(trace));
          Files.writeString(
              findings,
              "mutant of seed %d: %s%n".formatted(number, trace),
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND);
        }
        tally.ended(end);
      }
    }
  }

  /** Ends the process, as the user of a terminal would, when one mutant takes too long. */
  private static void watch(MutantTally tally) {
    Thread watcher =
        new Thread(() -> {
          long at = -1;
          long since = 0;
          while (true) {
            long now = System.nanoTime() / 1_000_000;
            if (tally.at() != at) {
              at = tally.at();
              since = now;
            } else if (now - since > LONGEST_MILLIS) {
              Runtime.getRuntime().halt(TOO_LONG);
            }
            try {
              Thread.sleep(100);
            } catch (InterruptedException e) {
              return;
            }
          }
        });
    watcher.setDaemon(true);
    watcher.start();
  }

  private MutantTally.End call(byte[] mutant) throws IOException {
    try {
      OnnxModel model = MutantReading.model(FILE, mutant);
      ReadOptions options = sizes(model);
      try {
        Network network = OnnxReader.network(model, options);
        return run(
            network, Executor.of(network, LayerRegisters.exact(), 1), MutantTally.End.NATIVE);
      } catch (NotAllNativeException e) {
        ProgramModel program = ProgramModel.of(model, options, Map.of());
        NetworkRunner runner = program.runner(LayerRegisters.exact(), 1);
        return run(program.network(), runner, MutantTally.End.PROGRAM);
      }
    } catch (NetworkFileException refused) {
      return MutantTally.End.REFUSED;
    } catch (ProgramException | HostedException | LayerArithmeticException failed) {
      return String.valueOf(failed.getMessage()).contains("process ended")
          ? MutantTally.End.CONTAINED
          : MutantTally.End.FAILED;
    }
  }

  private MutantTally.End run(Network network, NetworkRunner runner, MutantTally.End end) {
    try (runner) {
      int size = network.inputElements();
      if (size > MOST_WORDS) {
        return MutantTally.End.REFUSED;
      }
      int[] words = new int[size];
      int at = 0;
      for (int input : network.inputs()) {
        TensorType type = network.tensor(input);
        for (int i = 0; i < type.elements(); i++) {
          words[at++] = word(type);
        }
      }
      runner.run(ImageSource.of(network, words, 1), RunOptions.none());
      return end;
    } catch (IllegalArgumentException named) {
      if (String.valueOf(named.getMessage()).startsWith("layer \"")) {
        return MutantTally.End.FAILED; // an index that data give, and that no row has
      }
      throw named;
    }
  }

  private int word(TensorType type) {
    if (type.isFloat()) {
      return Float.floatToRawIntBits((float) random.nextInt(-64, 65) / 16);
    }
    long min = type.quantization().format().min();
    long max = type.quantization().format().max();
    return (int) random.nextLong(Math.max(min, -100), Math.min(max, 100) + 1);
  }

  /** Sizes by chance for those that the file leaves free. */
  private ReadOptions sizes(OnnxModel model) {
    Map<String, Integer> sizes = new HashMap<>();
    for (OnnxValueInfo input : model.graph().required()) {
      List<OnnxValueInfo.Dim> dims = input.dims().orElse(List.of());
      for (int i = 1; i < dims.size(); i++) {
        OnnxValueInfo.Dim dim = dims.get(i);
        if (dim.size().isEmpty()) {
          String name = dim.symbol().isBlank() ? input.name() + "." + i : dim.symbol();
          sizes.put(name, random.nextInt(1, 9));
        }
      }
    }
    return new ReadOptions(sizes, Map.of());
  }
}
