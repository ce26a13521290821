package dev.narrows.network.onnx.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.FileAccumulators;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.UnsupportedLayersException;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.read.OnnxReader;
import dev.narrows.network.pass.AccumulatorContracts;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QonnxWriterTest {
  private static final LayerRegisters EXACT = LayerRegisters.of(Summation.exact(), Map.of());

  @TempDir private Path folder;

  private ModelProto written(Network network) throws IOException {
    Path file = folder.resolve("network.onnx");
    QonnxWriter.write(network, file);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
    return ModelProto.parseFrom(Files.readAllBytes(file));
  }

  /** QONNX sums exactly, so layers lose the registers that some random ones are pinned to. */
  private static Network unpinned(Network network) {
    Network changed = network;
    for (int i = 0; i < network.layers().size(); i++) {
      if (network.layers().get(i) instanceof DotLayer dot) {
        changed =
            changed.withLayer(i, dot.withOperands(dot.integers().pinnedTo(Summation.exact())));
      }
    }
    return changed;
  }

  private void assertSameIntegers(Network network, Random random, String what) throws IOException {
    ModelProto model = written(network);
    ReferenceExecutor reference = new ReferenceExecutor(network, EXACT);
    for (int image = 0; image < 2; image++) {
      int[] codes = RandomNetworks.codes(random, network.input(), 1);
      Map<String, GraphRun.Tensor> theirs = new GraphRun(model.getGraph()).run(codes);
      List<int[]> ours = reference.tensors(codes);
      for (int tensor = 1; tensor < ours.size(); tensor++) {
        boolean last = tensor == ours.size() - 1;
        int zero = last ? 0 : network.tensor(tensor).quantization().zeroPoint();
        assertThat(GraphRun.present(theirs, network.tensorName(tensor)).values())
            .as("%s, image %d, %s", what, image, network.tensorName(tensor))
            .isEqualTo(Arrays.stream(ours.get(tensor)).mapToLong(v -> (long) v - zero).toArray());
      }
      assertThat(model.getGraph().getOutput(0).getName())
          .isEqualTo(network.layers().getLast().name());
    }
  }

  @Test
  void graph_ofRandomNetworks_computesEveryTensor() throws IOException {
    long seed = 900;
    for (int round = 0; round < 40; round++) {
      Random random = new Random(seed + round);
      Network network = unpinned(RandomNetworks.network(random, 10));
      assertSameIntegers(network, random, "seed " + (seed + round));
    }
  }

  /** Scores in 32 bits, as our own networks end: more codes than thresholds give. */
  private static Network withScores(FixedPointMultiplier requantization, int zeroPoint) {
    Random random = new Random(7);
    int terms = 40;
    TensorType input =
        new TensorType(terms, 1, 1, new Quantization(IntegerFormat.unsigned(8), 0.1, 3));
    int[] weights = random.ints(3 * terms, -127, 128).toArray();
    DenseWeights dense = new DenseWeights(3, terms, 8, new double[] {1, 1, 1}, weights);
    IntegerOperands operands = new IntegerOperands(dense, new int[] {-5000, 0, 77}, requantization);
    TensorType scores =
        new TensorType(3, 1, 1, new Quantization(IntegerFormat.signed(32), 0.1, zeroPoint));
    return new Network("scores", input, List.of(new Dense("fc", 0, scores, operands)), Map.of());
  }

  @Test
  void writtenFiles_readAgain_computeTheSameIntegersAndProveTheirRegisters() throws IOException {
    int contracts = 0;
    for (long seed = 900; seed < 915; seed++) {
      Random random = new Random(seed);
      Network network = pinned(RandomNetworks.network(random, 8));
      int[] codes = RandomNetworks.codes(random, network.input(), 1);
      Path file = folder.resolve("again.onnx");
      QonnxWriter.write(network, file);
      Network read = new OnnxReader().read(file);
      int[] words =
          Arrays.stream(codes).map(code -> Float.floatToRawIntBits((float) code)).toArray();
      int[] made =
          Arrays.stream(new ReferenceExecutor(read, LayerRegisters.exact()).run(words))
              .map(word -> (int) Float.intBitsToFloat(word))
              .toArray();
      assertThat(made)
          .as("seed %d", seed)
          .isEqualTo(new ReferenceExecutor(network, LayerRegisters.exact()).run(codes));
      contracts += FileAccumulators.of(read).map(all -> all.layers().size()).orElse(0);
      assertThat(AccumulatorContracts.broken(read)).as("seed %d", seed).isEmpty();
    }
    assertThat(contracts).isGreaterThan(20);
  }

  private static Network pinned(Network network) {
    Network exact = network;
    for (int i = 0; i < network.layers().size(); i++) {
      if (network.layers().get(i) instanceof DotLayer dot) {
        exact = exact.withLayer(i, dot.withOperands(dot.integers().pinnedTo(Summation.exact())));
      }
    }
    return exact;
  }

  @Test
  void scores_of32Bits_areComputedInIntegers() throws IOException {
    double[] factors = {1, 1.37, 900.25};
    for (int zero : new int[] {0, -11}) {
      FixedPointMultiplier requantization =
          FixedPointMultiplier.fromReals(factors, zero, Integer.MIN_VALUE, Integer.MAX_VALUE);
      assertSameIntegers(withScores(requantization, zero), new Random(8), "zero point " + zero);
    }
  }

  @Test
  void joinedChannels_areAConcat() throws IOException {
    Quantization codes = new Quantization(IntegerFormat.unsigned(8), 0.1, 3);
    TensorType input = new TensorType(2, 3, 4, codes);
    TensorType three = new TensorType(6, 3, 4, codes);
    Rearrange join = Rearrange.joined("join", List.of(0, 0, 0), three);
    Rearrange flat = Rearrange.joined("row", List.of(0), new TensorType(24, 1, 1, codes));
    assertSameIntegers(
        new Network("joined", input, List.of(join), Map.of()), new Random(9), "joined");
    assertThatExceptionOfType(UnsupportedLayersException.class)
        .isThrownBy(() -> QonnxWriter.model(new Network("moved", input, List.of(flat), Map.of())))
        .withMessageContaining("\"row\" (rearrange) moves elements freely");
  }

  @Test
  void scores_thatSaturate_areRefused() {
    FixedPointMultiplier saturating =
        FixedPointMultiplier.fromReals(
            new double[] {1, 1, 1e5}, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
    assertThatExceptionOfType(UnsupportedLayersException.class)
        .isThrownBy(() -> QonnxWriter.model(withScores(saturating, 0)))
        .withMessageContaining("\"fc\" (dense) makes 4294967296 codes");
  }

  @Test
  void thresholds_ofEverySum_giveTheRequantisedCode() {
    Random random = new Random(31);
    for (int round = 0; round < 200; round++) {
      int bits = 2 + random.nextInt(7);
      IntegerFormat format =
          random.nextBoolean() ? IntegerFormat.signed(bits) : IntegerFormat.unsigned(bits);
      int min = (int) format.min();
      int max = (int) format.max();
      double factor = Math.scalb(1 + random.nextDouble(), -random.nextInt(12));
      int zero = random.nextInt(min, max + 1);
      Requantization requantization =
          switch (round % 3) {
            case 0 -> FixedPointMultiplier.fromReals(new double[] {factor}, zero, min, max);
            case 1 -> FixedPointMultiplier.singleRounding(new double[] {factor}, zero, min, max);
            default -> new FloatScale(new float[] {(float) factor}, zero, min, max);
          };
      int bias = random.nextInt(2001) - 1000;
      int low = -random.nextInt(1000);
      int high = random.nextInt(1000);
      long[] thresholds =
          ThresholdRows.of(
              sum -> requantization.apply(0, sum + bias), new IntegerRange(low, high), min, max);
      for (int sum = low; sum <= high; sum++) {
        int sure = sum;
        long code = min + Arrays.stream(thresholds).filter(t -> t <= sure).count();
        if (code != requantization.apply(0, sum + bias)) {
          assertThat(code)
              .as("round %d, sum %d", round, sum)
              .isEqualTo(requantization.apply(0, sum + bias));
        }
      }
    }
  }

  @Test
  void layers_thatCannotBeWritten_areAllNamed() {
    FixedPointMultiplier plain =
        FixedPointMultiplier.fromReals(new double[] {1}, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
    Network scores = withScores(plain, 0);
    TensorType narrow =
        new TensorType(3, 1, 1, new Quantization(IntegerFormat.unsigned(8), 0.1, 0));
    Layer after =
        new Rescale(
            "after", 1, narrow, FixedPointMultiplier.fromReals(new double[] {0.1}, 0, 0, 255));
    Dense fc = (Dense) scores.layers().getFirst();
    Dense pinned = fc.withOperands(fc.integers().pinnedTo(Summation.parse("int12:wrap")));
    Layer sum = Add.of("sum", 2, narrow, 2, narrow, narrow);
    Network network = new Network("two", scores.input(), List.of(pinned, after, sum), Map.of());
    assertThatExceptionOfType(UnsupportedLayersException.class)
        .isThrownBy(() -> QonnxWriter.model(network))
        .withMessage(
            "QONNX cannot express 2 layers: \"fc\" (dense) runs in the register int12:wrap, and"
                + " sums here are exact; \"after\" (rescale) its sums lie in [-2147483648,"
                + " 2147483647], and integers are carried in float32, exact to ±2^24");
  }

  @Test
  void file_ofANetworkThatCannotBeWritten_isNotMade() throws IOException {
    FixedPointMultiplier saturating =
        FixedPointMultiplier.fromReals(new double[] {1e5}, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
    assertThatExceptionOfType(UnsupportedLayersException.class)
        .isThrownBy(() -> written(withScores(saturating, 0)));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }
}
