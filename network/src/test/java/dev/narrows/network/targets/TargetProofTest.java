package dev.narrows.network.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerOverflowProfile;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Proofs for small layers against every input that there is. */
class TargetProofTest {
  private static final int TERMS = 4;
  private static final int CODES = 4; // of two bits
  private static final List<String> WAYS =
      List.of(
          "saturate",
          "wrap",
          "resolved",
          "saturate:sorted",
          "saturate:sign-directed",
          "saturate:reversed",
          "saturate:chunk(2)",
          "saturate:tiles(2,1)",
          "saturate:chunk(2,int9)",
          "wrap:chunk(2,int5)",
          "saturate:zero(raw)",
          "wrap:zero(raw)",
          "saturate:bias(preload)",
          "wrap:bias(preload)",
          "saturate:zero(raw):bias(preload)",
          "wrap:lanes(i5s*2)",
          "saturate:lanes(i4*2+i5s)",
          "wrap:lanes(i5*2/2+i4s*1):zero(raw)",
          "wrap:lanes(i4*2+i4*2):bias(preload)");

  /** One dense channel whose output is its sum. */
  private static Network network(Random random) {
    IntegerFormat format =
        random.nextBoolean() ? IntegerFormat.unsigned(2) : IntegerFormat.signed(2);
    int zero = (int) format.min() + random.nextInt(CODES);
    TensorType input = new TensorType(TERMS, 1, 1, new Quantization(format, 1, zero));
    TensorType output = new TensorType(1, 1, 1, new Quantization(IntegerFormat.signed(16), 1, 0));
    int[] weights = random.ints(TERMS, -4, 5).toArray();
    IntegerOperands operands =
        new IntegerOperands(
            new DenseWeights(1, TERMS, 4, new double[] {1}, weights),
            new int[] {random.nextInt(-6, 7)},
            FixedPointMultiplier.fromReals(new double[] {1}, 0, -(1 << 15), (1 << 15) - 1));
    return new Network("one", input, List.of(new Dense("dense", 0, output, operands)), Map.of());
  }

  /** Every input. */
  private static ImageSource all(Network network) {
    int inputs = (int) Math.pow(CODES, TERMS);
    int least = (int) network.input().quantization().format().min();
    int[] codes = new int[inputs * TERMS];
    Arrays.setAll(codes, i -> least + i / TERMS / (int) Math.pow(CODES, i % TERMS) % CODES);
    return ImageSource.of(network.input(), codes, inputs);
  }

  private static int[] outputs(Network network, Summation register) {
    try (Executor executor = Executor.of(network, LayerRegisters.of(register), 1)) {
      return executor.run(all(network), RunOptions.none()).outputs();
    }
  }

  /** The widths of all inputs' sums in an order. */
  private static List<LayerOverflowProfile> profiles(Network network, Summation view) {
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      return executor
          .run(all(network), RunOptions.none().withProfiles(new RunOptions.Profiling(view, false)))
          .profiles();
    }
  }

  /**
   * Dot products of all inputs that are not sure to end exact.
   *
   * @param known profiles of this network, which checks of several widths share
   */
  private static long missed(
      Network network, LayerProof proof, Map<Summation, List<LayerOverflowProfile>> known) {
    long missed = 0;
    for (SumCheck check : proof.checks()) {
      missed +=
          known.computeIfAbsent(check.view(), view -> profiles(network, view)).stream()
              .mapToLong(profile -> check.missed(profile.total()))
              .sum();
    }
    return missed;
  }

  @Test
  void proof_everyInputOfSmallLayers_saysSafeOnlyWhereAllEndExact() {
    long seed = 16;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int proved = 0;
    int refuted = 0;
    int open = 0;
    for (int trial = 0; trial < 40; trial++) {
      Network network = network(random);
      int[] exact = outputs(network, Summation.exact());
      Map<Summation, List<LayerOverflowProfile>> known = new HashMap<>();
      for (String way : WAYS) {
        for (int bits = 2; bits <= 8; bits++) {
          Summation register = Summation.parse("int" + bits + ":" + way);
          LayerProof proof =
              TargetProof.of(network, Target.of("t", "t", register)).layers().getFirst();
          String what = register + " of " + network.dotLayers().getFirst().integers();
          long missed = missed(network, proof, known);
          if (proof.proved()) {
            assertThat(missed).as(what).isZero();
            assertThat(outputs(network, register)).as(what).isEqualTo(exact);
            assertThat(proof.refuted()).isFalse();
            proved++;
          } else if (proof.refuted()) {
            assertThat(missed).as(what).isPositive();
            refuted++;
          } else {
            open++;
          }
        }
      }
    }
    assertThat(proved).isGreaterThan(500);
    assertThat(refuted).isGreaterThan(500);
    assertThat(open).as("bounds that are not tight").isLessThan((proved + refuted) / 10);
  }

  @Test
  void named_everyName_isATarget() {
    for (String name : Target.NAMES) {
      assertThat(Target.named(name)).isPresent();
    }
    assertThat(Target.named("smull+smlal")).isPresent();
    assertThat(Target.named("int16:wrap")).isEmpty();
    assertThatThrownBy(() -> Target.named("63")).hasMessageContaining("[2, 62]");
  }

  @Test
  void proof_ruleThatMatchesNoLayer_isRefused() {
    Network network = network(new Random(1));
    LayerRegisters rules =
        LayerRegisters.of(Summation.exact(), Map.of("convolution*", Summation.parse("int8:wrap")));
    Target target = new Target("t", "t", rules, List.of(), false);
    assertThatThrownBy(() -> TargetProof.of(network, target))
        .hasMessageContaining("\"convolution*\" matches no layer that sums");
    Target exact = Target.of("t", "t", Summation.exact());
    assertThat(TargetProof.of(network, exact).leftOut()).hasSize(1);
  }
}
