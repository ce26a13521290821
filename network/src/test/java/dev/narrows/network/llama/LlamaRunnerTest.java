package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.dot.Summation;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.execute.Scores;
import dev.narrows.network.tensor.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner's results are the network's, bit for bit. */
class LlamaRunnerTest {
  private static final List<String> REGISTERS =
      List.of(
          "exact",
          "m4e4(9)/m4e4(8):chunk(3)",
          "m7e5(15)/m7e5(15)",
          "m3e4(8)/m3e4(8):reversed",
          "m5e4(8)/m5e4(8):no-underflow");

  @TempDir private Path folder;

  private GgufLlama model(boolean biases) throws IOException {
    return TinyGguf.open(TinyGguf.qwen2(TinyLlama.open(folder, false, 2, 1), biases));
  }

  private static int[] ids(int count, long seed) {
    return new Random(seed).ints(count, 0, TinyLlama.VOCABULARY).toArray();
  }

  /** [vocabulary][columns] of windows one after the other. */
  private static float[] scores(LlamaRunner runner, float[] normed, int columns) {
    float[] all = new float[TinyLlama.VOCABULARY * columns];
    runner.scores(
        normed,
        columns,
        (scores, first, some) -> {
          for (int v = 0; v < TinyLlama.VOCABULARY; v++) {
            System.arraycopy(scores, v * some, all, v * columns + first, some);
          }
        });
    return all;
  }

  private static float[] run(
      LlamaModel model, LayerRegisters registers, int[] ids, int windows, int threads) {
    int count = ids.length / windows;
    try (LlamaRunner runner = new LlamaRunner(model, registers, count, false, threads)) {
      float[] normed = runner.run(ids, KeyValues.ofOnePass(model.shape(), windows, count));
      return scores(runner, normed, ids.length);
    }
  }

  @Test
  void run_windows_equalTheReferenceInEveryRegisterForAnyNumberOfThreads() throws IOException {
    GgufLlama model = model(true);
    int windows = 3;
    int count = 6;
    int[] ids = ids(windows * count, 5);
    for (String text : REGISTERS) {
      LayerRegisters registers = LayerRegisters.of(Summation.parse(text));
      ReferenceExecutor reference = new ReferenceExecutor(model.network(count), registers);
      float[] expected = new float[TinyLlama.VOCABULARY * ids.length];
      for (int w = 0; w < windows; w++) {
        float[] window =
            Words.numbers(reference.run(Arrays.copyOfRange(ids, w * count, (w + 1) * count)));
        for (int v = 0; v < TinyLlama.VOCABULARY; v++) {
          System.arraycopy(window, v * count, expected, v * ids.length + w * count, count);
        }
      }
      for (int threads = 1; threads <= 3; threads++) {
        assertThat(run(model, registers, ids, windows, threads)).as(text).isEqualTo(expected);
      }
    }
  }

  /** More columns than kernels look at together, and more queries than attention does. */
  @Test
  void run_longWindow_equalsTheExecutor() throws IOException {
    int[] header = TinyLlama.header();
    header[6] = 300;
    LlamaShape shape = new LlamaShape(8, 12, 2, 4, 2, TinyLlama.VOCABULARY, true, 300);
    Path file =
        Files.write(folder.resolve("long.bin"), TinyLlama.checkpoint(header, shape.numbers()));
    LlamaCheckpoint model = LlamaCheckpoint.read(file);
    int[] ids = ids(300, 6);
    for (String text : List.of("exact", "m4e4(9)/m4e4(8):chunk(16)")) {
      LayerRegisters registers = LayerRegisters.of(Summation.parse(text));
      try (Executor executor = Executor.of(model.network(300), registers, 1)) {
        float[] expected = executor.run(ids, 1).numbers();
        for (int threads : new int[] {1, 2, 5}) {
          assertThat(run(model, registers, ids, 1, threads)).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void run_tokenAfterToken_equalsTheWholeWindow() throws IOException {
    GgufLlama model = model(true);
    int[] first = ids(7, 1);
    int[] second = ids(7, 2);
    LayerRegisters registers = LayerRegisters.of(Summation.parse("m5e4(9)/m5e4(8):chunk(4)"));
    int[] both = new int[14];
    System.arraycopy(first, 0, both, 0, 7);
    System.arraycopy(second, 0, both, 7, 7);
    float[] expected = run(model, registers, both, 2, 2);
    try (LlamaRunner runner = new LlamaRunner(model, registers, 7, false, 2)) {
      KeyValues memory = KeyValues.growing(model.shape(), 2, 7);
      int past = 0;
      for (int count : new int[] {3, 1, 1, 2}) {
        int[] ids = new int[2 * count];
        System.arraycopy(first, past, ids, 0, count);
        System.arraycopy(second, past, ids, count, count);
        float[] scores = scores(runner, runner.run(ids, memory), ids.length);
        for (int v = 0; v < TinyLlama.VOCABULARY; v++) {
          for (int t = 0; t < count; t++) {
            assertThat(scores[v * 2 * count + t]).isEqualTo(expected[v * 14 + past + t]);
            assertThat(scores[v * 2 * count + count + t])
                .isEqualTo(expected[v * 14 + 7 + past + t]);
          }
        }
        past += count;
      }
    }
  }

  @Test
  void statistics_ofAWindow_areTheExecutors() throws IOException {
    GgufLlama model = model(true);
    int[] ids = ids(8, 9);
    LayerRegisters registers =
        LayerRegisters.of(
            Summation.parse("m4e4(6)/m4e4(5):chunk(3)"),
            Map.of("*.scores", Summation.exact(), "layer1.feed.up", Summation.exact()));
    Execution expected;
    try (Executor executor = Executor.of(model.network(8), registers, 1)) {
      expected =
          executor.run(
              ImageSource.of(model.network(8), ids, 1), RunOptions.none().withStatistics());
    }
    for (int threads = 1; threads <= 2; threads++) {
      try (LlamaRunner runner = new LlamaRunner(model, registers, 8, true, threads)) {
        float[] normed = runner.run(ids, KeyValues.ofOnePass(model.shape(), 1, 8));
        scores(runner, normed, 8);
        List<FloatStatistics> made = runner.statistics();
        assertThat(made).hasSameSizeAs(expected.statistics());
        for (int i = 0; i < made.size(); i++) {
          FloatStatistics one = made.get(i);
          FloatStatistics other = expected.statistics().get(i);
          assertThat(one.layer()).isEqualTo(other.layer());
          assertThat(one.events()).as(one.layer()).isEqualTo(other.events());
          assertThat(one.terms()).isEqualTo(other.terms());
          // the same numbers, added in another order
          assertThat(one.decibels()).as(one.layer()).isCloseTo(other.decibels(), within(1e-9));
        }
      }
    }
  }

  @Test
  void registers_thatMatchNothingOrTakeIntegers_areRefusedByName() throws IOException {
    GgufLlama model = model(false);
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            LayerRegisters.of(Summation.exact(), Map.of("layer9.*", Summation.parse("m7e4")))
                .of(model.sums()))
        .withMessageContaining("accumulator rule \"layer9.*\" matches no layer");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LayerRegisters.of(Summation.parse("int8:wrap")).of(model.sums()))
        .isInstanceOf(OperandException.class);
    assertThat(LayerRegisters.exact().of(model.sums()).stream().map(r -> r.layer()).toList())
        .isEqualTo(
            LayerRegisters.exact().of(model.network(3)).stream().map(r -> r.layer()).toList());
  }

  @Test
  void loss_modelWithoutABeginning_predictsEveryTokenButTheFirst() throws IOException {
    GgufLlama model = model(false);
    int[] tokens = ids(12, 4);
    LanguageLoss loss =
        LanguageLoss.of(model, 4, tokens, LayerRegisters.exact(), false, 2, done -> {});
    assertThat(loss.nats()).hasSize(11);
    // windows begin with tokens 0, 4 and 8; the last is shorter
    for (int from : new int[] {0, 4, 8}) {
      int count = Math.min(4, 11 - from);
      float[] scores =
          run(model, LayerRegisters.exact(), Arrays.copyOfRange(tokens, from, from + count), 1, 1);
      for (int t = 0; t < count; t++) {
        double expected = Scores.nats(scores, t, count, TinyLlama.VOCABULARY, tokens[from + t + 1]);
        assertThat(loss.nats()[from + t]).isEqualTo(expected);
        assertThat(loss.predictions()[from + t])
            .isEqualTo(Scores.best(scores, t, count, TinyLlama.VOCABULARY));
      }
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> LanguageLoss.of(model, 9, tokens, LayerRegisters.exact(), false, 1, done -> {}))
        .withMessage("window must be in [1, 8], got 9");
  }

  @Test
  void sampler_temperatureZero_takesTheLikeliestToken() throws IOException {
    GgufLlama model = model(true);
    int[] begun = {5, 6, 7};
    int[] made =
        new Sampler(model, LayerRegisters.exact(), 0, 1)
            .continued(new int[][] {begun}, 6, 2, token -> {})[0];
    int[] text = Arrays.copyOf(begun, 9);
    System.arraycopy(made, 0, text, 3, 6);
    LanguageLoss loss =
        LanguageLoss.of(model, 8, text, LayerRegisters.exact(), false, 1, done -> {});
    assertThat(Arrays.copyOfRange(loss.predictions(), 2, 8)).isEqualTo(made);
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new Sampler(model, LayerRegisters.exact(), 0, 1)
                .continued(new int[][] {begun}, 7, 2, token -> {}))
        .withMessageContaining("fit the model's window of 8");
  }

  @Test
  void scores_readTogether_areThoseOfEachColumn() {
    long seed = 12;
    Random random = new Random(seed);
    int classes = 37;
    int columns = 5;
    float[] scores = new float[classes * columns + 9];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = random.nextInt(20) - 7.5f; // ties
    }
    int[] labels = random.ints(columns, 0, classes).toArray();
    double[] nats = new double[columns + 2];
    int[] best = new int[columns + 2];
    Scores.read(scores, columns, classes, labels, nats, best, 2);
    for (int j = 0; j < columns; j++) {
      assertThat(nats[2 + j])
          .as("seed %d", seed)
          .isEqualTo(Scores.nats(scores, j, columns, classes, labels[j]));
      assertThat(best[2 + j]).isEqualTo(Scores.best(scores, j, columns, classes));
    }
  }
}
