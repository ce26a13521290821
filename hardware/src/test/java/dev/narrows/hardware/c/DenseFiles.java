package dev.narrows.hardware.c;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.hardware.c.code.CpuTarget;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes the dense layers of docs/results/c.md for every processor: 1,024 codes, 64 rows. */
final class DenseFiles {
  private static final int TERMS = 1024;
  private static final int ROWS = 64;

  private DenseFiles() {}

  static Network network(int most) {
    int[] weights = new Random(1).ints((long) TERMS * ROWS, -most, most + 1).toArray();
    double[] scales = new double[ROWS];
    Arrays.fill(scales, 0.01);
    Quantization codes = new Quantization(IntegerFormat.signed(8), 0.1, 0);
    IntegerOperands operands =
        new IntegerOperands(
            new DenseWeights(ROWS, TERMS, 8, scales, weights),
            new int[ROWS],
            FixedPointMultiplier.fromReals(new double[] {0.001}, 0, -128, 127));
    Dense dense = new Dense("d", 0, new TensorType(ROWS, 1, 1, codes), operands);
    return new Network(
        "dense" + most, new TensorType(TERMS, 1, 1, codes), List.of(dense), Map.of());
  }

  /**
   * @param folders the folder to write to
   */
  public static void main(String... folders) throws IOException {
    for (int most : new int[] {2, 20}) {
      Network network = network(most);
      for (CpuTarget target : CpuTarget.values()) {
        Path folder = Path.of(folders[0], network.name() + "_" + target);
        Files.createDirectories(folder);
        CExport.of(network, COptions.of(network.name()).on(target).withVectors(12)).write(folder);
      }
    }
  }
}
