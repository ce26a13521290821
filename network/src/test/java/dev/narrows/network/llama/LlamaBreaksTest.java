package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.llama.LlamaBreak.BreakKind;
import dev.narrows.network.tensor.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of sums that are not finite, held against NaN as IEEE 754 carries them. */
class LlamaBreaksTest {
  private static final int TOKEN = 7;

  @TempDir private Path folder;

  /** A model in which one token alone is large in channel 0, and matrices that make more of it. */
  private static final class Loud extends ForwardingLlama {
    private final List<LlamaMatrix> loud;
    private final float gain;

    Loud(LlamaModel quiet, List<LlamaMatrix> loud, float gain) {
      super(quiet);
      this.loud = loud;
      this.gain = gain;
    }

    @Override
    public void rows(LlamaMatrix matrix, int layer, int first, int rows, float[] to) {
      super.rows(matrix, layer, first, rows, to);
      int terms = matrix.terms(shape());
      for (int r = 0; r < rows; r++) {
        if (matrix == LlamaMatrix.EMBEDDING) {
          to[r * terms] = first + r == TOKEN ? 3 : 0;
        } else if (loud.contains(matrix) && layer == 0) {
          to[r * terms] = gain;
        }
      }
    }
  }

  private LlamaModel loud(float gain, LlamaMatrix... matrices) throws IOException {
    return new Loud(TinyLlama.open(folder, false), List.of(matrices), gain);
  }

  private static int[] ids(int count, int... loud) {
    int[] ids = new Random(3).ints(count, 10, TinyLlama.VOCABULARY).toArray();
    Arrays.stream(loud).forEach(place -> ids[place] = TOKEN);
    return ids;
  }

  /**
   * The places of a window whose scores the reference says are no numbers, each as the last of the
   * tokens up to it: in a longer network a weight of 0 meets the NaN of a later value.
   */
  private static List<Integer> broken(LlamaModel model, LayerRegisters registers, int[] ids) {
    List<Integer> places = new ArrayList<>();
    for (int t = 0; t < ids.length; t++) {
      int[] sofar = Arrays.copyOf(ids, t + 1);
      float[] scores =
          Words.numbers(new ReferenceExecutor(model.network(t + 1), registers).run(sofar));
      boolean finite = true;
      for (int v = 0; v < TinyLlama.VOCABULARY; v++) {
        finite &= Float.isFinite(scores[v * (t + 1) + t]);
      }
      if (!finite) {
        places.add(t);
      }
    }
    return places;
  }

  @Test
  void loss_sumsOfOneTokenInfinite_breaksWhatIeeeBreaksAndNothingElse() throws IOException {
    LayerRegisters fp16 = LayerRegisters.of(Summation.parse("fp16"));
    int[][] windows = {ids(8), ids(8, 4), ids(8, 2, 5)};
    for (LlamaMatrix matrix :
        List.of(LlamaMatrix.QUERY, LlamaMatrix.KEY, LlamaMatrix.VALUE, LlamaMatrix.GATE)) {
      LlamaModel model = loud(matrix == LlamaMatrix.GATE ? 1e5f : 1e9f, matrix);
      int begin = model.begin().orElseThrow();
      int[] tokens = new int[24];
      List<Integer> expected = new ArrayList<>();
      for (int w = 0; w < 3; w++) {
        // a window is shown its beginning first, and predicts its last token without being shown it
        System.arraycopy(windows[w], 0, tokens, 8 * w, 8);
        int[] shown = new int[8];
        shown[0] = begin;
        System.arraycopy(windows[w], 0, shown, 1, 7);
        for (int place : broken(model, fp16, shown)) {
          expected.add(8 * w + place);
        }
      }
      assertThat(expected).as(matrix.name()).isNotEmpty();
      LanguageLoss loss = LanguageLoss.of(model, 8, tokens, fp16, false, 1, _ -> {});
      assertThat(predictions(loss)).as(matrix.name()).isEqualTo(expected);
      for (int threads = 2; threads <= 3; threads++) {
        LanguageLoss made = LanguageLoss.of(model, 8, tokens, fp16, threads == 2, threads, _ -> {});
        assertThat(predictions(made)).as(matrix.name()).isEqualTo(expected);
        assertThat(made.nats()).isEqualTo(loss.nats());
      }
      assertThat(loss.mean()).isEqualTo(Double.POSITIVE_INFINITY);
      LlamaBreak first = loss.breaks().getFirst();
      assertThat(first.product()).isEqualTo(matrix.name(0));
      assertThat(first.kind()).isEqualTo(BreakKind.NOT_FINITE);
      assertThat(first.prediction()).isEqualTo(8 + 5); // behind the beginning
      // a window without the token has the losses that it has alone
      LanguageLoss alone =
          LanguageLoss.of(model, 8, Arrays.copyOf(tokens, 8), fp16, false, 1, _ -> {});
      assertThat(alone.breaks()).isEmpty();
      assertThat(Arrays.copyOf(loss.nats(), 8)).isEqualTo(alone.nats());
      assertThat(loss.nats()[13]).isEqualTo(Double.POSITIVE_INFINITY);
      assertThat(loss.predictions()[13]).isEqualTo(-1);
    }
  }

  private static List<Integer> predictions(LanguageLoss loss) {
    return loss.breaks().stream().map(LlamaBreak::prediction).toList();
  }

  @Test
  void loss_infinityInARegisterMeetsExactSums_isAResult() throws IOException {
    LlamaModel model = loud(1e5f, LlamaMatrix.GATE);
    LayerRegisters mixed =
        LayerRegisters.of(Summation.exact(), Map.of("*.gate", Summation.parse("fp16")));
    LanguageLoss loss = LanguageLoss.of(model, 8, ids(16, 2), mixed, true, 1, _ -> {});
    assertThat(loss.breaks())
        .startsWith(
            new LlamaBreak(BreakKind.NOT_FINITE, "layer0.feed.gate", 3),
            new LlamaBreak(BreakKind.CARRIED, "layer1.attention.scores", 4));
    assertThat(loss.breaks()).hasSize(5);
    assertThat(loss.overflows())
        .containsExactly(new LlamaBreak(BreakKind.OVERFLOW, "layer0.feed.gate", 3));
    LayerRegisters clamped =
        LayerRegisters.of(Summation.exact(), Map.of("*.gate", Summation.parse("m10e5(16)")));
    LanguageLoss finite = LanguageLoss.of(model, 8, ids(16, 2), clamped, true, 1, _ -> {});
    assertThat(finite.breaks()).isEmpty();
    assertThat(finite.overflows()).isEqualTo(loss.overflows());
  }

  /** Token by token no key lies behind a query, and every event is of the token at hand. */
  @Test
  void overflows_firstOfEveryProduct_isWhereTokenByTokenHasIt() throws IOException {
    LlamaModel model = TinyLlama.open(folder, false);
    int found = 0;
    for (String text : List.of("m4e3(9)/m4e3(8):chunk(4)", "m4e3(8)/m4e3(9)", "m6e3(10)")) {
      LayerRegisters registers = LayerRegisters.of(Summation.parse(text));
      int[] tokens = ids(24);
      LanguageLoss loss = LanguageLoss.of(model, 8, tokens, registers, true, 1, _ -> {});
      for (int threads = 2; threads <= 3; threads++) {
        LanguageLoss made = LanguageLoss.of(model, 8, tokens, registers, true, threads, _ -> {});
        assertThat(made.overflows()).isEqualTo(loss.overflows());
      }
      Map<String, Integer> expected = new HashMap<>();
      for (int w = 0; w < 3; w++) {
        try (LlamaRunner runner = new LlamaRunner(model, registers, 8, true, 1)) {
          KeyValues memory = KeyValues.growing(model.shape(), 1, 8);
          for (int t = 0; t < 8; t++) {
            int id = t == 0 ? model.begin().orElseThrow() : tokens[8 * w + t - 1];
            runner.scores(runner.run(new int[] {id}, memory), 1, (_, _, _) -> {});
            int prediction = 8 * w + t;
            runner.statistics().stream()
                .filter(one -> OverflowSearch.overflowed(one.events()))
                .forEach(one -> expected.putIfAbsent(one.layer(), prediction));
          }
        }
      }
      Map<String, Integer> made = new HashMap<>();
      loss.overflows().forEach(one -> made.put(one.product(), one.prediction()));
      assertThat(made).as(text).isEqualTo(expected);
      found += made.size();
    }
    assertThat(found).isGreaterThan(10);
  }
}
