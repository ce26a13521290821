package dev.narrows.network.format;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.safetensors.SafetensorsEntry;
import dev.narrows.network.safetensors.SafetensorsFile;
import dev.narrows.network.safetensors.SafetensorsType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The tensors of a file, each of the type and shape its layer says, each read once. */
final class LayerTensors {
  private final Path file;
  private final SafetensorsFile tensors;
  private final Set<String> read = new HashSet<>();

  LayerTensors(Path file, SafetensorsFile tensors) {
    this.file = file;
    this.tensors = tensors;
  }

  int[] ints(String name, SafetensorsType type, int... shape) throws IOException {
    check(name, type, shape);
    return tensors.ints(name);
  }

  long[] longs(String name, int... shape) throws IOException {
    check(name, SafetensorsType.I64, shape);
    return tensors.longs(name);
  }

  float[] floats(String name, int... shape) throws IOException {
    check(name, SafetensorsType.F32, shape);
    return tensors.floats(name);
  }

  double[] doubles(String name, int... shape) throws IOException {
    check(name, SafetensorsType.F64, shape);
    return tensors.doubles(name);
  }

  /** Refuses tensors that no layer has asked for. */
  void requireAllRead() throws NetworkFileException {
    for (String name : tensors.entries().keySet()) {
      if (!read.contains(name)) {
        throw new NetworkFileException(file, "tensor \"" + name + "\"", "belongs to no layer");
      }
    }
  }

  private void check(String name, SafetensorsType type, int... shape) throws NetworkFileException {
    SafetensorsEntry entry = tensors.entry(name);
    List<Integer> expected = Arrays.stream(shape).boxed().toList();
    if (entry.type() != type || !entry.shape().equals(expected)) {
      throw new NetworkFileException(
          file,
          "tensor \"" + name + "\"",
          "expected %s %s, got %s".formatted(type, expected, entry.describe()));
    }
    read.add(name);
  }
}
