package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.testing.SharedData;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.network.Network;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Integer sums beyond 32 bits, and float sums beyond binary32. */
class SumsBeyondRangeTest {
  @TempDir private Path folder;

  private static Layer dense(String name, int input, int terms, float... weights) {
    int channels = weights.length / terms;
    return new Dense(
        name,
        input,
        TensorType.floats(channels, 1, 1),
        new FloatOperands(
            new FloatDotWeights(channels, terms, weights), new float[channels], false));
  }

  private Said run(Layer... layers) throws IOException {
    Path model = folder.resolve("n.narrows");
    TensorType input = TensorType.floats(1, 1, 1);
    NarrowsWriter.write(new Network("n", input, List.of(layers), Map.of()), model);
    Path x = folder.resolve("x.npy");
    Npy.write(x, NpyArray.of(new float[] {4}, 1, 1));
    return Said.by("run", model, "--input", x, "--out", folder.resolve("out"));
  }

  @Test
  void run_floatSumBeyondBinary32_isInfinite() throws IOException {
    Said said = run(dense("first", 0, 1, Float.MAX_VALUE, -Float.MAX_VALUE));
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(Npy.read(folder.resolve("out/1_first.npy")).toFloats())
        .containsExactly(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
  }

  @Test
  void run_floatSumThatIsNotANumber_isOneLineThatNamesTheLayer() throws IOException {
    Said said =
        run(dense("first", 0, 1, Float.MAX_VALUE, -Float.MAX_VALUE), dense("second", 1, 2, 1, 1));
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err())
        .contains("layer \"second\": the exact sum of a dot product is not a number")
        .doesNotContain("internal error");
  }

  @Test
  void everyCommand_sumsBeyond64Bits_isOneLineThatNamesTheLayer() throws IOException {
    int terms = 1 << 17; // 2^17 squares of −2^23 are 2^63
    Quantization codes = new Quantization(IntegerFormat.signed(24), 1, 0);
    Quantization code = new Quantization(IntegerFormat.signed(8), 1, 0);
    Layer squares =
        new IntegerMatMul(
            "squares",
            0,
            0,
            new TensorType(1, 1, 1, code),
            1,
            FixedPointMultiplier.fromReals(new double[] {0.5}, 0, -128, 127));
    Path model = folder.resolve("n.narrows");
    TensorType input = new TensorType(terms, 1, 1, codes);
    NarrowsWriter.write(new Network("n", input, List.of(squares), Map.of()), model);
    int[] least = new int[terms];
    Arrays.fill(least, -1 << 23);
    Path x = folder.resolve("x.npy");
    Npy.write(x, NpyArray.of(least, 1, terms));
    for (Said said :
        List.of(
            Said.by("run", model, "--input", x, "--out", folder.resolve("out")),
            Said.by("analyze", model),
            Said.by("certify", model, "--bits", "62"))) {
      assertThat(said.exitCode()).as(said.err()).isEqualTo(2);
      assertThat(said.err())
          .contains("layer \"squares\"")
          .contains("64 bits")
          .doesNotContain("internal error");
    }
  }

  @Tag("data")
  @Test
  void run_sixteenBitLayerOf33BitSums_givesTheRuntimesCode() throws IOException {
    Path model = SharedData.file("cases/wide-sum-16x8-k517.tflite");
    Path data = SharedData.file("cases/wide-sum-16x8-k517.npz");
    Said said = Said.by("run", model, "--input", data, "--out", folder);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(Npy.read(folder.resolve("3_t3.npy")).toInts()).contains(32264);
    assertThat(Said.by("analyze", model, "--data", data, "--verbose").out())
        .containsPattern("t3 +33 +2 +0 +0");
    for (String register : List.of("exact", "int33:wrap", "int40:saturate", "int33:resolved")) {
      Said evaluated = Said.by("evaluate", model, "--data", data, "--accumulator", register);
      assertThat(evaluated.exitCode()).as(register + evaluated.err()).isZero();
    }
  }
}
