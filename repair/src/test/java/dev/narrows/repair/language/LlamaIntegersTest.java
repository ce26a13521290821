package dev.narrows.repair.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.llama.GgufLlama;
import dev.narrows.network.llama.IntegerMatrix;
import dev.narrows.network.llama.LanguageLoss;
import dev.narrows.network.llama.LlamaMatrix;
import dev.narrows.network.llama.QuantizedLlama;
import dev.narrows.network.llama.TokenCodes;
import dev.narrows.network.llama.TokenPreparation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** On the one-layer model of network's golden test. */
class LlamaIntegersTest {
  private static final Path MODEL =
      Path.of("..", "network", "src", "test", "resources", "golden", "gguf", "tiny.gguf");
  private static final Summation CHUNKS = Summation.parse("int16:saturate:chunk(8,int32)");

  private static final List<OutlierHandling> OUTLIERS =
      List.of(
          OutlierHandling.NONE,
          new OutlierHandling(true, false),
          new OutlierHandling(false, true),
          new OutlierHandling(true, true));

  private static LlamaIntegers work(
      GgufLlama model, OutlierHandling outliers, int threads, IntegerGoal... goals) {
    int[] ids = new Random(2).ints(128, 0, model.shape().vocabulary()).toArray();
    return new LlamaIntegers(
        model,
        List.of(goals),
        new LlamaIntegers.CalibrationTokens(ids, 4, outliers, true),
        threads);
  }

  private static IntegerGoal safe(int bits, boolean feedback) {
    return new IntegerGoal(bits, TokenCodes.EIGHT, Optional.of(CHUNKS), feedback);
  }

  @Test
  void make_severalGoals_areWhatEachGivesAloneForAnyNumberOfThreads() throws IOException {
    GgufLlama model = GgufLlama.open(MODEL);
    IntegerGoal[] goals = {IntegerGoal.rounded(8), safe(8, true), safe(8, false), safe(4, true)};
    List<Map<String, IntegerMatrix>> all =
        work(model, OutlierHandling.NONE, 3, goals).make(LlamaIntegers.Keeper.none());
    for (int g = 0; g < goals.length; g++) {
      assertThat(work(model, OutlierHandling.NONE, 1, goals[g]).make(LlamaIntegers.Keeper.none()))
          .containsExactly(all.get(g));
    }
    assertThat(all.get(1)).isNotEqualTo(all.get(2));
    assertThat(all.getFirst()).hasSize(8).containsKey("classifier");
  }

  @Test
  void make_safeGoals_runInTheirRegisterAsInExactSums() throws IOException {
    GgufLlama model = GgufLlama.open(MODEL);
    int[] tokens = new Random(4).ints(150, 0, model.shape().vocabulary()).toArray();
    for (OutlierHandling outliers : OUTLIERS) {
      for (Map<String, IntegerMatrix> made :
          work(model, outliers, 1, safe(8, true), safe(8, false))
              .make(LlamaIntegers.Keeper.none())) {
        for (IntegerMatrix matrix : made.values()) {
          assertThat(matrix.preparation().shifts())
              .hasSize(outliers.migrate() ? matrix.terms() : 0);
          assertThat(matrix.preparation().block() > 1).isEqualTo(outliers.rotate());
          for (int chunk = 0; chunk < matrix.codes().length; chunk += 8) {
            long sum = 0;
            for (int k = chunk; k < chunk + 8; k++) {
              sum += Math.abs(matrix.codes()[k]);
            }
            assertThat(sum).isLessThanOrEqualTo(258);
          }
        }
        QuantizedLlama integers = new QuantizedLlama(model, made);
        assertThat(nats(integers, tokens, CHUNKS))
            .isEqualTo(nats(integers, tokens, Summation.exact()));
      }
    }
  }

  @Test
  void make_activationsOfFewerBits_leaveWeightsMoreOfTheRegister() throws IOException {
    GgufLlama model = GgufLlama.open(MODEL);
    int[] tokens = new Random(4).ints(150, 0, model.shape().vocabulary()).toArray();
    Summation register = Summation.parse("int12:saturate:chunk(8,int32)");
    TokenCodes five = new TokenCodes(5);
    List<Map<String, IntegerMatrix>> made =
        work(
                model,
                OutlierHandling.NONE,
                1,
                new IntegerGoal(8, TokenCodes.EIGHT, Optional.of(register), true),
                new IntegerGoal(8, five, Optional.of(register), true))
            .make(LlamaIntegers.Keeper.none());
    assertThat(largestChunk(made.get(0))).isLessThanOrEqualTo(2047 / 127);
    assertThat(largestChunk(made.get(1))).isBetween(2047 / 127 + 1, 2047 / five.most());
    QuantizedLlama integers = new QuantizedLlama(model, made.get(1));
    assertThat(nats(integers, tokens, register))
        .isEqualTo(nats(integers, tokens, Summation.exact()));
  }

  private static int largestChunk(Map<String, IntegerMatrix> matrices) {
    int largest = 0;
    for (IntegerMatrix matrix : matrices.values()) {
      for (int chunk = 0; chunk < matrix.codes().length; chunk += 8) {
        int sum = 0;
        for (int k = chunk; k < chunk + 8; k++) {
          sum += Math.abs(matrix.codes()[k]);
        }
        largest = Math.max(largest, sum);
      }
    }
    return largest;
  }

  private static double[] nats(QuantizedLlama model, int[] tokens, Summation register) {
    return LanguageLoss.of(model, 32, tokens, LayerRegisters.of(register), false, 1, _ -> {})
        .nats();
  }

  @Test
  void make_keptLayers_areNotMadeAgain() throws IOException {
    GgufLlama model = GgufLlama.open(MODEL);
    Map<Integer, List<Map<String, IntegerMatrix>>> kept = new HashMap<>();
    List<Integer> told = new ArrayList<>();
    LlamaIntegers.Keeper keeper =
        new LlamaIntegers.Keeper() {
          @Override
          public List<Map<String, IntegerMatrix>> kept(int layer) {
            return kept.getOrDefault(layer, List.of());
          }

          @Override
          public void keep(int layer, List<Map<String, IntegerMatrix>> matrices) {
            kept.put(layer, matrices);
            told.add(layer);
          }
        };
    List<Map<String, IntegerMatrix>> first =
        work(model, OutlierHandling.NONE, 1, safe(8, true)).make(keeper);
    assertThat(told).containsExactly(0, 1);
    kept.remove(1);
    assertThat(work(model, OutlierHandling.NONE, 1, safe(8, true)).make(keeper)).isEqualTo(first);
    assertThat(told).containsExactly(0, 1, 1);
  }

  @Test
  void rounded_largestWeightOfARow_isTheLargestInteger() throws IOException {
    GgufLlama model = GgufLlama.open(MODEL);
    IntegerMatrix up =
        Objects.requireNonNull(
            work(model, OutlierHandling.NONE, 1, IntegerGoal.rounded(8))
                .make(LlamaIntegers.Keeper.none())
                .getFirst()
                .get("layer0.feed.up"));
    float[] weights = new float[up.terms()];
    model.rows(LlamaMatrix.UP, 0, 0, 1, weights);
    float largest = 0;
    for (float w : weights) {
      largest = Math.max(largest, Math.abs(w));
    }
    assertThat(up.scales()[0]).isEqualTo(largest / 127);
    for (int k = 0; k < weights.length; k++) {
      assertThat((double) up.codes()[k])
          .isEqualTo(Math.rint((double) weights[k] / (largest / 127.0)));
    }
    assertThat(up.preparation()).isEqualTo(TokenPreparation.NONE);
  }

  /** Half a scale for each code, in the sum of squares, which turning leaves as it is. */
  @Test
  void rounded_turnedOrLent_standForTheRealWeights() throws IOException {
    GgufLlama model = GgufLlama.open(MODEL);
    for (boolean migrate : new boolean[] {false, true}) {
      Map<String, IntegerMatrix> made =
          work(model, new OutlierHandling(migrate, true), 1, IntegerGoal.rounded(8))
              .make(LlamaIntegers.Keeper.none())
              .getFirst();
      QuantizedLlama integers = new QuantizedLlama(model, made);
      IntegerMatrix down = Objects.requireNonNull(made.get("layer0.feed.down"));
      assertThat(down.preparation().block()).isGreaterThan(1);
      float[] real = new float[down.terms()];
      float[] standing = new float[down.terms()];
      for (int r = 0; r < down.rows(); r++) {
        model.rows(LlamaMatrix.DOWN, 0, r, 1, real);
        integers.rows(LlamaMatrix.DOWN, 0, r, 1, standing);
        down.preparation().weights(real); // where codes are rounded
        down.preparation().weights(standing);
        double squares = 0;
        for (int k = 0; k < real.length; k++) {
          squares += Math.pow((double) real[k] - standing[k], 2);
        }
        double half = down.scales()[r] / 2.0;
        assertThat(squares).isPositive().isLessThan(real.length * half * half);
      }
    }
  }

  @Test
  void goal_whoseSumsCannotBeLimited_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IntegerGoal.rounded(9))
        .withMessageContaining("2 to 8 bits");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new IntegerGoal(8, TokenCodes.EIGHT, Optional.of(Summation.parse("m7e4")), true))
        .withMessageContaining("register of integers");
  }
}
