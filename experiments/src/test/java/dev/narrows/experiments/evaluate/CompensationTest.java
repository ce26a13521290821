package dev.narrows.experiments.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.llama.ForwardingLlama;
import dev.narrows.network.llama.GgufLlama;
import dev.narrows.network.llama.LlamaMatrix;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.network.llama.LlamaRange;
import dev.narrows.network.llama.LlamaTrial;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CompensationTest {
  private static final Path MODEL =
      Path.of("..", "network", "src", "test", "resources", "golden", "gguf", "tiny.gguf");

  private static GgufLlama model;
  private static int[] tokens;

  @BeforeAll
  static void open() throws IOException {
    model = GgufLlama.open(MODEL);
    tokens = model.tokenizer().encode("The thing thaws, then thinks. ".repeat(9), 97);
  }

  private static LayerRegisters compensated(String register, int threads) {
    return Compensation.of(
        model, LayerRegisters.of(Summation.parse(register)), tokens, 32, threads);
  }

  private static double[] nats(LlamaModel of, LayerRegisters registers) {
    return new LanguageEvaluation(of, new NetworkFile("tiny", "0"), "text", tokens, 32)
        .losses(registers, 1, EvaluationListener.SILENT)
        .nats();
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }

  @Test
  void of_registersThatTruncate_givesBackWhatTheyTake() {
    LayerRegisters truncating = compensated("m4e5(15)/m4e5(15):chunk(4)", 1);
    assertThat(truncating.factors()).hasSize(10);
    assertThat(truncating.factors().values()).allMatch(factor -> factor > 1 && factor < 1.5);
    assertThat(compensated("m4e5(15)/m4e5(15):chunk(4)", 3)).isEqualTo(truncating);
    double[] exact = nats(model, LayerRegisters.exact());
    double[] taken = nats(model, LayerRegisters.of(Summation.parse("m4e5(15)/m4e5(15):chunk(4)")));
    assertThat(distance(nats(model, truncating), exact)).isLessThan(distance(taken, exact) / 2);
  }

  @Test
  void of_registersThatRoundToNearest_findsLittleToGiveBack() {
    assertThat(compensated("m4e5(15)/m4e5(15):nearest:chunk(4)", 1).factors().values())
        .allMatch(factor -> Math.abs(factor - 1) < 0.02);
    assertThat(compensated("exact", 1).factors()).isEmpty();
    assertThat(compensated("m1e2(40)/m1e2(40)", 1).factors()).as("everything clamps").isNotEmpty();
  }

  /** Doubling weights doubles exact sums, and so does the factor. */
  @Test
  void factor_ofAMatrix_isThatOfItsWeights() {
    LlamaModel doubled = new DoubledDown(model);
    LayerRegisters twice =
        new LayerRegisters(Summation.exact(), List.of(), Map.of(LlamaMatrix.DOWN.name(0), 2f));
    assertThat(nats(model, twice)).isEqualTo(nats(doubled, LayerRegisters.exact()));
    assertThat(nats(model, twice)).isNotEqualTo(nats(model, LayerRegisters.exact()));
  }

  @Test
  void fitted_severalBiases_takesThoseThatLeaveTheLeastError() {
    LayerRegisters asked = LayerRegisters.of(Summation.parse("m5e3(3)/m5e3(3):chunk(4)"));
    int[] shown = Arrays.copyOf(tokens, 96);
    List<LlamaRange> ranges = LlamaRange.of(model, shown, 32, 1);
    LayerRegisters wide = FittedBiases.of(asked, model.sums(), ranges);
    LayerRegisters best = Compensation.fitted(model, asked, ranges, shown, 32, 1);
    List<List<LlamaTrial>> trials = LlamaTrial.of(model, List.of(wide, best), shown, 32, 1);
    int better = 0;
    for (int i = 0; i < 10; i++) {
      LlamaTrial one = trials.getLast().get(i);
      LayerRegister layer = best.of(model.sums()).get(i);
      assertThat(one.register()).isEqualTo(layer.asked());
      assertThat(best.factor(one.layer())).isEqualTo(one.factor());
      assertThat(one.left()).isLessThanOrEqualTo(trials.getFirst().get(i).left());
      better += one.left() < trials.getFirst().get(i).left() ? 1 : 0;
    }
    assertThat(better).isPositive();
  }

  @Test
  void parts_compensated_keepTheFactorsOfTheirOwnLayers() {
    LayerRegisters all = compensated("m4e5(15)/m4e5(15):chunk(4)", 1);
    Map<String, LayerRegisters> parts = LanguageParts.PRODUCTS.of(all, model.sums());
    assertThat(parts).hasSize(10);
    parts.forEach(
        (layer, one) -> assertThat(one.factors()).isEqualTo(Map.of(layer, all.factor(layer))));
  }

  @Test
  void executor_factors_areRefused() {
    LayerRegisters twice = new LayerRegisters(Summation.exact(), List.of(), Map.of("anything", 2f));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Executor.of(SmallNetwork.of(1), twice, 1))
        .withMessageContaining("only language models");
  }

  /** The weights of one matrix doubled. */
  private static final class DoubledDown extends ForwardingLlama {
    DoubledDown(LlamaModel model) {
      super(model);
    }

    @Override
    public void rows(LlamaMatrix matrix, int layer, int first, int rows, float[] to) {
      super.rows(matrix, layer, first, rows, to);
      int size = rows * matrix.terms(shape());
      for (int i = 0; i < size && matrix == LlamaMatrix.DOWN && layer == 0; i++) {
        to[i] *= 2;
      }
    }
  }
}
