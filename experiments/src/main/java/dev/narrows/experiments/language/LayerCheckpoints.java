package dev.narrows.experiments.language;

import dev.narrows.network.format.NarrowsReader;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.llama.IntegerMatrix;
import dev.narrows.network.llama.IntegerSumsNetwork;
import dev.narrows.network.llama.LlamaShape;
import dev.narrows.repair.language.LlamaIntegers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Finished layers of integers, a file for each and each goal, until all are done.
 *
 * @param names of the goals, in their order
 * @param steps layers, and the vocabulary
 * @param progress told how many of the steps are done
 */
public record LayerCheckpoints(
    Path folder, List<String> names, LlamaShape shape, int steps, IntConsumer progress)
    implements LlamaIntegers.Keeper {
  /** Copies the names. */
  public LayerCheckpoints {
    names = List.copyOf(names);
  }

  private Path file(String name, int layer) {
    return folder.resolve("%s-%d.narrows".formatted(name, layer));
  }

  @Override
  public List<Map<String, IntegerMatrix>> kept(int layer) {
    List<Map<String, IntegerMatrix>> all = new ArrayList<>();
    try {
      for (String name : names) {
        Path file = file(name, layer);
        if (!Files.isRegularFile(file)) {
          return List.of();
        }
        all.add(IntegerSumsNetwork.matrices(file, new NarrowsReader().read(file), shape));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  @Override
  public void keep(int layer, List<Map<String, IntegerMatrix>> matrices) {
    if (!matrices.getFirst().isEmpty()) { // the vocabulary may stay real
      try {
        Files.createDirectories(folder);
        for (int g = 0; g < names.size(); g++) {
          NarrowsWriter.write(
              IntegerSumsNetwork.of(shape, matrices.get(g), Map.of()), file(names.get(g), layer));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    progress.accept(layer + 1);
  }

  /** Takes them away, once what they are for is written. */
  public void delete() throws IOException {
    for (int step = 0; step < steps; step++) {
      for (String name : names) {
        Files.deleteIfExists(file(name, step));
      }
    }
    Files.deleteIfExists(folder);
  }
}
