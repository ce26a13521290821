package dev.narrows.cluster.plan;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.parts.GeneratedParts;
import dev.narrows.network.parts.PartMerger;
import dev.narrows.network.parts.PartRequest;
import dev.narrows.network.parts.RunPart;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the driver of a large analysis does: takes the answers of very many tasks, each with a
 * profile for every channel of a network as large as ResNet-50, and merges them. Answers are drawn.
 */
public final class ManyParts {
  private static final int LAYERS = 54;
  private static final int CHANNELS = 512; // 27,648 in all; ResNet-50 has 27,560
  private static final int TERMS_OF_INPUT = 16;
  private static final int DRAWN = 8;

  private ManyParts() {}

  /**
   * Measures.
   *
   * @param words tasks, images of a task, pairs of widths that occur in a channel
   */
  public static void main(String[] words) {
    int tasks = Integer.parseInt(words[0]);
    int images = Integer.parseInt(words[1]);
    int pairs = Integer.parseInt(words[2]);
    Network network = network();
    Summation view = new Summation(new Saturating(62), new SummationOrder.Sequential());
    RunOptions options = RunOptions.none().withProfiles(new RunOptions.Profiling(view, true));
    PartRequest request = PartRequest.of(LayerRegisters.exact(), options);
    GeneratedParts drawn = new GeneratedParts(network, request);
    List<byte[]> parts = new ArrayList<>();
    for (int i = 0; i < DRAWN; i++) {
      parts.add(drawn.part(images, pairs, i));
    }
    System.out.printf(
        Locale.ROOT,
        "%d layers, %d channels; an answer has %.2f MB%n",
        LAYERS,
        LAYERS * CHANNELS,
        parts.getFirst().length / 1e6);
    System.gc();
    Execution all;
    try (Meter _ = new Meter("merging the answers of " + tasks + " tasks")) {
      PartMerger merger = new PartMerger(network, request, tasks * images, options);
      for (int task = 0; task < tasks; task++) {
        merger.add(task * images, RunPart.of(parts.get(task % DRAWN)));
      }
      all = merger.result();
    }
    long dots = all.profiles().stream().mapToLong(layer -> layer.total().dots()).sum();
    System.out.println("dot products in the result: " + dots);
  }

  private static Network network() {
    List<Layer> layers = new ArrayList<>();
    int terms = TERMS_OF_INPUT;
    for (int i = 0; i < LAYERS; i++) {
      double[] scales = new double[CHANNELS];
      Arrays.fill(scales, 1);
      double[] factors = new double[CHANNELS];
      Arrays.fill(factors, 0.01);
      int[] values = new int[CHANNELS * terms];
      Arrays.fill(values, 1);
      layers.add(
          new Dense(
              "layer" + i,
              i,
              type(CHANNELS),
              new IntegerOperands(
                  new DenseWeights(CHANNELS, terms, 8, scales, values),
                  new int[CHANNELS],
                  FixedPointMultiplier.fromReals(factors, 0, 0, 255))));
      terms = CHANNELS;
    }
    return new Network("large", type(TERMS_OF_INPUT), layers, Map.of());
  }

  private static TensorType type(int channels) {
    return new TensorType(channels, 1, 1, new Quantization(IntegerFormat.unsigned(8), 1, 0));
  }
}
