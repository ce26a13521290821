package dev.narrows.network.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.bound.Witness;
import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A product of two activations in every kind of register, order and convention. */
class IntegerMatMulTest {
  private static final int HEADS = 3;
  private static final int TERMS = 7;
  private static final int ROWS = 4;
  private static final Requantization STEEP =
      FixedPointMultiplier.fromReals(new double[] {0.01}, 5, -128, 127);

  private static Quantization codes(int zeroPoint) {
    return new Quantization(IntegerFormat.signed(8), 0.5, zeroPoint);
  }

  /** x with its own half in another zero point, every head by itself. */
  private static Network attention() {
    TensorType left = new TensorType(HEADS * TERMS, ROWS, 1, codes(11));
    TensorType right = new TensorType(HEADS * TERMS, ROWS, 1, codes(-9));
    TensorType out = new TensorType(HEADS, ROWS, ROWS, codes(5));
    return new Network(
        "attention",
        left,
        List.of(
            new Rescale(
                "half", 0, right, FixedPointMultiplier.fromReals(new double[] {0.5}, -9, -70, 60)),
            new IntegerMatMul("scores", 0, 1, out, HEADS, STEEP)),
        Map.of());
  }

  private static int[] inputs(int images, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.ints((long) images * HEADS * TERMS * ROWS, -128, 128).toArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exact",
        "exact:zero(raw)",
        "int14:wrap",
        "int14:wrap:zero(raw)",
        "int13:saturate",
        "int15:saturate:reversed:zero(raw):bias(preload)",
        "int14:saturate:chunk(3)",
        "int13:saturate:sorted",
        "int13:saturate:sign-directed",
        "int14:resolved"
      })
  void executor_everyRegister_isTheReferencesTwin(String text) {
    long seed = 71;
    Network network = attention();
    LayerRegisters registers = LayerRegisters.of(Summation.parse(text));
    Summation profile = Summation.parse("int8:wrap:chunk(2):zero(raw)");
    int images = 5;
    int[] codes = inputs(images, seed);
    ReferenceExecutor reference = new ReferenceExecutor(network, registers, profile);
    try (Executor executor = Executor.of(network, registers, 2)) {
      Execution run =
          executor.run(
              codes,
              images,
              RunOptions.none().withProfiles(new RunOptions.Profiling(profile, true)));
      for (int image = 0; image < images; image++) {
        int from = image * network.input().elements();
        int size = network.output().elements();
        assertThat(Arrays.copyOfRange(run.outputs(), image * size, (image + 1) * size))
            .as("image %d, seed %d", image, seed)
            .isEqualTo(
                reference.run(Arrays.copyOfRange(codes, from, from + network.input().elements())));
      }
      LayerOverflowProfile seen = run.profiles().getFirst();
      assertThat(seen.channels()).hasSize(HEADS);
      assertThat(seen.total()).isEqualTo(reference.profile("scores"));
      assertThat(seen.total().dots()).isEqualTo((long) images * HEADS * ROWS * ROWS);
    }
  }

  @Test
  void exactSums_bothConventions_giveTheSameCodes() {
    int[] codes = inputs(4, 72);
    try (Executor offset = Executor.of(attention(), LayerRegisters.exact(), 1);
        Executor raw =
            Executor.of(attention(), LayerRegisters.of(Summation.parse("exact:zero(raw)")), 1)) {
      assertThat(raw.run(codes, 4).outputs()).isEqualTo(offset.run(codes, 4).outputs());
    }
  }

  /** What runs see stays inside what the bound allows, and comes near it at the corners. */
  @ParameterizedTest
  @ValueSource(strings = {"int8:wrap:zero(offset)", "int8:wrap:zero(raw)"})
  void bound_cornerInputs_isNotExceeded(String conventions) {
    Network network = attention();
    Summation view = Summation.parse(conventions);
    LayerChannels channels =
        LayerChannels.of(
            network,
            InputRanges.of(network),
            network.layer("scores"),
            LayerRegisters.of(view).of(network.layer("scores")));
    int safe = SignSumBound.of(channels.channels().getFirst()).bits();
    int widest = 0;
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      for (int corner : new int[] {-128, 127}) {
        int[] codes = new int[network.input().elements()];
        Arrays.fill(codes, corner);
        OverflowProfile seen =
            executor
                .run(
                    codes, 1, RunOptions.none().withProfiles(new RunOptions.Profiling(view, false)))
                .profiles()
                .getFirst()
                .total();
        assertThat(seen.count(OverflowClass.CLEAN, safe)).isEqualTo(seen.dots());
        widest = Math.max(widest, seen.widestPath());
      }
    }
    assertThat(widest).as("the operands depend on each other").isBetween(safe - 1, safe);
  }

  @ParameterizedTest
  @ValueSource(strings = {"int16:wrap:zero(offset)", "int16:wrap:zero(raw)"})
  void certificate_witnessRun_overflowsOneBitLess(String conventions) {
    Network network = attention();
    Certificate certificate = CertifyNetwork.of(network, 16, Summation.parse(conventions));
    ChannelCertificate head = certificate.layers().getFirst().channels().get(1);
    Witness witness = head.witness().orElseThrow();
    List<Layer> layers =
        List.of(
            constant("x", witness.input(), 11),
            constant("y", witness.right(), -9),
            new IntegerMatMul("dot", 1, 2, new TensorType(1, 1, 1, codes(5)), 1, STEEP));
    Network alone = new Network("alone", new TensorType(1, 1, 1, codes(0)), layers, Map.of());
    Summation view = Summation.parse(conventions);
    try (Executor executor = Executor.of(alone, LayerRegisters.exact(), 1)) {
      OverflowProfile seen =
          executor
              .run(
                  new int[1],
                  1,
                  RunOptions.none().withProfiles(new RunOptions.Profiling(view, false)))
              .profiles()
              .getFirst()
              .total();
      assertThat(seen.count(OverflowClass.CLEAN, head.bits())).isEqualTo(1);
      assertThat(seen.count(OverflowClass.CLEAN, head.bits() - 1)).isZero();
    }
  }

  private static Constant constant(String name, long[] operand, int zeroPoint) {
    int[] words = Arrays.stream(operand).mapToInt(Math::toIntExact).toArray();
    return new Constant(name, new TensorType(words.length, 1, 1, codes(zeroPoint)), words);
  }

  @Test
  void layer_inputsOfOtherShapes_areRefused() {
    TensorType left = new TensorType(6, 4, 1, codes(0));
    TensorType out = new TensorType(2, 4, 3, codes(0));
    IntegerMatMul layer = new IntegerMatMul("m", 0, 1, out, 2, STEEP);
    layer.check(List.of(left, new TensorType(6, 3, 1, codes(0))));
    for (TensorType right :
        List.of(
            new TensorType(5, 3, 1, codes(0)),
            new TensorType(6, 4, 1, codes(0)),
            new TensorType(6, 3, 2, codes(0)),
            TensorType.floats(6, 3, 1))) {
      assertThatThrownBy(() -> layer.check(List.of(left, right)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
