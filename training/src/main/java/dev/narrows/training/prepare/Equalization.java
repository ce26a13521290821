package dev.narrows.training.prepare;

import dev.narrows.training.model.BatchNorm;
import dev.narrows.training.model.BatchNormNode;
import dev.narrows.training.model.FloatNode;
import dev.narrows.training.model.ImportedNode;
import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.AddNode;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.FlattenNode;
import dev.narrows.training.model.Node.GlobalAveragePoolNode;
import dev.narrows.training.model.Node.InputNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import dev.narrows.training.model.ParameterNode;
import dev.narrows.training.model.Rectifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Cross-layer equalisation: where one dot layer alone reads another's output, channel i of that
 * output is divided by a factor s and what multiplies it is multiplied by s. As ReLU(x/s) =
 * ReLU(x)/s, the network computes the same.
 *
 * <p>With r₁ the largest magnitude of the first layer's folded weights (batch norm applied) that
 * make channel i, r₂ that of the second layer's folded weights that read it, s = √(r₁/r₂) makes
 * both √(r₁·r₂). Pairs share layers, so all pairs are balanced in turn until no factor changes.
 *
 * <p>Batch norm stays unfolded: ranges are those of a folded copy, but what is divided is γ and β
 * of the first layer, which is exact with the statistics of the batch as with running ones; without
 * batch norm its weights and bias. The second layer's sums stay the same, and so do its statistics.
 *
 * @see <a href="https://arxiv.org/abs/1906.04721">Nagel et al., Data-free quantization, ICCV 2019,
 *     section 4.1</a>
 * @see "docs/training.md, equation (33)"
 */
public final class Equalization {
  private static final int MOST_SWEEPS = 50;
  private static final double STEADY = 1e-4;

  private final ModelSpec model;
  private final Function<String, float[]> read;
  private final Map<String, double[]> arrays = new HashMap<>();

  private Equalization(ModelSpec model, Function<String, float[]> read) {
    this.model = model;
    this.read = read;
  }

  /**
   * Two layers that were balanced.
   *
   * @param before the largest ratio of r₁ to r₂, or of r₂ to r₁, of a channel
   * @param after the same when all pairs were gone through
   */
  public record Pair(String first, String second, double before, double after) {}

  /**
   * Balances a model's layers.
   *
   * @param read gives an array by name
   * @param write takes a changed array by name
   * @return every pair, in the network's order
   */
  public static List<Pair> apply(
      ModelSpec model, Function<String, float[]> read, BiConsumer<String, float[]> write) {
    Equalization all = new Equalization(model, read);
    List<Link> links = all.links();
    double[] before = links.stream().mapToDouble(all::imbalance).toArray();
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      double moved = 0;
      for (Link link : links) {
        moved = Math.max(moved, all.balance(link));
      }
      if (moved < STEADY) {
        break;
      }
    }
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < before.length; i++) {
      Link link = links.get(i);
      pairs.add(
          new Pair(link.first().name(), link.second().name(), before[i], all.imbalance(link)));
    }
    all.arrays.forEach((name, values) -> write.accept(name, rounded(values)));
    return List.copyOf(pairs);
  }

  private record Link(DotNode first, DotNode second) {
    /** The channel of the first layer that term {@code k} of a channel of the second reads. */
    int source(int channel, int k) {
      return switch (second) {
        case ConvolutionNode conv -> {
          int inputs = conv.inputChannels() / conv.groups();
          int group = channel / (conv.outputChannels() / conv.groups());
          yield group * inputs + k % inputs;
        }
        case TransposedConvolutionNode conv -> {
          int inputs = conv.inputChannels() / conv.groups();
          yield channel / (conv.outputChannels() / conv.groups()) * inputs + k % inputs;
        }
        // behind a flattened image the positions of a channel follow each other
        case DenseNode dense -> k / (dense.terms() / first.outputChannels());
      };
    }
  }

  private List<Link> links() {
    List<Link> links = new ArrayList<>();
    for (DotNode first : model.dots()) {
      if (first.rectifier() != Rectifier.RELU6) { // a number that is cut at 6 does not scale
        onlyReader(first.name()).ifPresent(second -> links.add(new Link(first, second)));
      }
    }
    return links;
  }

  /** The dot layer that alone reads a node, also through what moves or averages channels. */
  private Optional<DotNode> onlyReader(String name) {
    List<Node> readers =
        model.nodes().stream().filter(node -> node.inputs().contains(name)).toList();
    if (readers.size() != 1) {
      return Optional.empty();
    }
    return switch (readers.getFirst()) {
      case DotNode dot -> Optional.of(dot);
      case FlattenNode flatten -> onlyReader(flatten.name());
      case GlobalAveragePoolNode pool -> onlyReader(pool.name());
      case AddNode _,
          InputNode _,
          FloatNode _,
          MatMulNode _,
          BatchNormNode _,
          ParameterNode _,
          ImportedNode _ ->
          Optional.empty();
    };
  }

  private double imbalance(Link link) {
    double[] first = made(link);
    double[] second = read(link);
    double worst = 1;
    for (int i = 0; i < first.length; i++) {
      if (first[i] > 0 && second[i] > 0) {
        worst = Math.max(worst, Math.max(first[i] / second[i], second[i] / first[i]));
      }
    }
    return worst;
  }

  /** Balances one pair; the largest |ln s|. A channel without weights on either side stays. */
  private double balance(Link link) {
    double[] first = made(link);
    double[] second = read(link);
    double[] factors = new double[first.length];
    double moved = 0;
    for (int i = 0; i < factors.length; i++) {
      boolean both = first[i] > 0 && second[i] > 0;
      factors[i] = both ? Math.sqrt(first[i] / second[i]) : 1;
      moved = Math.max(moved, Math.abs(Math.log(factors[i])));
    }
    DotNode dot = link.first();
    if (dot.norm().isPresent()) {
      divide(array(dot.norm().get().scale()), factors);
      divide(array(dot.norm().get().shift()), factors);
    } else {
      divide(array(dot.name() + ".weight"), factors);
      divide(array(dot.name() + ".bias"), factors);
    }
    double[] weights = array(link.second().name() + ".weight");
    int terms = link.second().terms();
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= factors[link.source(i / terms, i % terms)];
    }
    return moved;
  }

  /** r₁ of every channel. */
  private double[] made(Link link) {
    DotNode dot = link.first();
    double[] weights = array(dot.name() + ".weight");
    double[] ranges = new double[dot.outputChannels()];
    double[] slopes = slopes(dot);
    for (int i = 0; i < weights.length; i++) {
      int channel = i / dot.terms();
      ranges[channel] = Math.max(ranges[channel], Math.abs(weights[i] * slopes[channel]));
    }
    return ranges;
  }

  /** r₂ of every channel. */
  private double[] read(Link link) {
    DotNode dot = link.second();
    double[] weights = array(dot.name() + ".weight");
    double[] ranges = new double[link.first().outputChannels()];
    double[] slopes = slopes(dot);
    for (int i = 0; i < weights.length; i++) {
      int channel = i / dot.terms();
      int source = link.source(channel, i % dot.terms());
      ranges[source] = Math.max(ranges[source], Math.abs(weights[i] * slopes[channel]));
    }
    return ranges;
  }

  /** γ/σ of every channel, or 1. */
  private double[] slopes(DotNode dot) {
    double[] slopes = new double[dot.outputChannels()];
    if (dot.norm().isEmpty()) {
      Arrays.fill(slopes, 1);
      return slopes;
    }
    BatchNorm norm = dot.norm().get();
    double[] gamma = array(norm.scale());
    float[] variance = read.apply(norm.variance());
    for (int c = 0; c < slopes.length; c++) {
      slopes[c] = gamma[c] / Math.sqrt(variance[c] + norm.epsilon());
    }
    return slopes;
  }

  private static void divide(double[] values, double[] factors) {
    int each = values.length / factors.length;
    for (int i = 0; i < values.length; i++) {
      values[i] /= factors[i / each];
    }
  }

  /** In double until the end, so that each value is rounded once. */
  private double[] array(String name) {
    return arrays.computeIfAbsent(
        name,
        key -> {
          float[] values = read.apply(key);
          double[] doubles = new double[values.length];
          Arrays.setAll(doubles, i -> values[i]);
          return doubles;
        });
  }

  private static float[] rounded(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
