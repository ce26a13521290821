package dev.narrows.hardware.verilog;

import dev.narrows.network.Network;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.execute.TermsProbe;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the layers of a network multiply when it runs on real inputs. */
public final class UnitInputs {
  private UnitInputs() {}

  /**
   * One vector of stored codes a layer: those of an output in the middle, of the first inputs.
   *
   * @return by layer, [groups · K]
   */
  public static Map<String, List<int[]>> of(Network network, ImageSource source) {
    Map<String, Gathered> layers = new LinkedHashMap<>();
    for (Layer layer : network.layers()) {
      if (layer instanceof DotLayer dot && !dot.isFloat()) {
        layers.put(layer.name(), new Gathered(dot));
      }
    }
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      executor.run(source, RunOptions.none().withProbes(new HashMap<>(layers)));
    }
    Map<String, List<int[]>> found = new HashMap<>();
    layers.forEach((name, gathered) -> found.put(name, gathered.vectors()));
    return found;
  }

  /** The first block of each group of channels. */
  private static final class Gathered implements TermsProbe {
    private final int groups;
    private final int terms;
    private final Map<Integer, int[]> codes = new HashMap<>(); // by group

    Gathered(DotLayer layer) {
      this.groups = layer.groups();
      this.terms = layer.terms();
    }

    @Override
    public synchronized void look(int firstChannel, int channels, Terms block) {
      codes.computeIfAbsent(
          firstChannel / channels,
          _ -> {
            int[] column = new int[terms];
            for (int k = 0; k < terms; k++) {
              column[k] =
                  block.values()[k * block.stride() + block.columns() / 2] + block.storedOffset();
            }
            return column;
          });
    }

    List<int[]> vectors() {
      int[] all = new int[groups * terms];
      for (int group = 0; group < groups; group++) {
        int[] column = codes.get(group);
        if (column == null) {
          return List.of(); // nothing was run
        }
        System.arraycopy(column, 0, all, group * terms, terms);
      }
      return new ArrayList<>(List.of(all));
    }
  }
}
