package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.Summation;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.execute.LayerArithmeticException;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.format.NarrowsReader;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Rotary;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model in integers gives what plain loops give, bit for bit. */
class QuantizedLlamaTest {
  private static final Path FILE = Path.of("integers.narrows");

  @TempDir private Path folder;

  private LlamaModel real() throws IOException {
    return TinyGguf.open(TinyGguf.qwen2(TinyLlama.open(folder, false, 2, 1), true));
  }

  /**
   * Random integers for every matrix, some with shifts, some turned, some for activations of 5
   * bits.
   */
  private static Map<String, IntegerMatrix> integers(LlamaShape shape, boolean vocabulary) {
    Random random = new Random(21);
    Map<String, IntegerMatrix> matrices = new LinkedHashMap<>();
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (LlamaMatrix matrix : LlamaMatrix.values()) {
        if (matrix.inLayers() || vocabulary && layer == 0 && matrix == LlamaMatrix.CLASSIFIER) {
          matrices.put(matrix.name(layer), random(matrix, shape, random));
        }
      }
    }
    return matrices;
  }

  private static IntegerMatrix random(LlamaMatrix matrix, LlamaShape shape, Random random) {
    int rows = matrix.rows(shape);
    int terms = matrix.terms(shape);
    byte[] codes = new byte[rows * terms];
    float[] scales = new float[rows];
    byte[] shifts = new byte[random.nextBoolean() ? terms : 0];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) (random.nextInt(255) - 127);
    }
    for (int r = 0; r < rows; r++) {
      scales[r] = (1 + random.nextFloat()) / 300;
    }
    for (int k = 0; k < shifts.length; k++) {
      shifts[k] = (byte) (random.nextInt(5) - 2);
    }
    TokenCodes given = random.nextInt(3) > 0 ? TokenCodes.EIGHT : new TokenCodes(5);
    int block = random.nextBoolean() ? TokenPreparation.block(terms) : 1;
    return new IntegerMatrix(
        rows, terms, codes, scales, new TokenPreparation(shifts, block), given);
  }

  private static float[] fast(
      LlamaModel model, LayerRegisters registers, int[] ids, int windows, int threads) {
    try (LlamaRunner runner = new LlamaRunner(model, registers, ids.length, false, threads)) {
      float[] normed =
          runner.run(ids, KeyValues.ofOnePass(model.shape(), windows, ids.length / windows));
      float[] all = new float[model.shape().vocabulary() * ids.length];
      runner.scores(
          normed,
          ids.length,
          (scores, first, some) -> {
            for (int v = 0; v < model.shape().vocabulary(); v++) {
              System.arraycopy(scores, v * some, all, v * ids.length + first, some);
            }
          });
      return all;
    }
  }

  /** One window by plain loops, token by token: [vocabulary][T]. */
  private static float[] plain(QuantizedLlama model, Summation register, int[] ids) {
    LlamaShape shape = model.shape();
    int size = shape.headSize();
    float[][] x = new float[ids.length][shape.dim()];
    for (int t = 0; t < ids.length; t++) {
      model.rows(LlamaMatrix.EMBEDDING, 0, ids[t], 1, x[t]);
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      float[][] q = new float[ids.length][];
      float[][] k = new float[ids.length][];
      float[][] v = new float[ids.length][];
      for (int t = 0; t < ids.length; t++) {
        float[] n = normed(model, LlamaNorm.ATTENTION, layer, x[t]);
        q[t] = turned(model, product(model, register, LlamaMatrix.QUERY, layer, n), t);
        k[t] = turned(model, product(model, register, LlamaMatrix.KEY, layer, n), t);
        v[t] = product(model, register, LlamaMatrix.VALUE, layer, n);
      }
      for (int t = 0; t < ids.length; t++) {
        float[] mixed = new float[shape.dim()];
        for (int h = 0; h < shape.heads(); h++) {
          int group = h / (shape.heads() / shape.keyHeads());
          float[] scores = new float[t + 1];
          for (int s = 0; s <= t; s++) {
            scores[s] = dot(part(q[t], h, size), part(k[s], group, size));
          }
          new Softmax("w", 0, TensorType.floats(1, 1, 1), shape.scoreScale(), true)
              .apply(scores, t);
          for (int c = 0; c < size; c++) {
            float[] column = new float[t + 1];
            for (int s = 0; s <= t; s++) {
              column[s] = v[s][group * size + c];
            }
            mixed[h * size + c] = dot(scores, column);
          }
        }
        add(x[t], product(model, register, LlamaMatrix.OUTPUT, layer, mixed));
        float[] n = normed(model, LlamaNorm.FEED, layer, x[t]);
        float[] gate = product(model, register, LlamaMatrix.GATE, layer, n);
        float[] up = product(model, register, LlamaMatrix.UP, layer, n);
        for (int c = 0; c < gate.length; c++) {
          gate[c] = Activation.Function.SILU.apply(gate[c]) * up[c];
        }
        add(x[t], product(model, register, LlamaMatrix.DOWN, layer, gate));
      }
    }
    float[] all = new float[shape.vocabulary() * ids.length];
    for (int t = 0; t < ids.length; t++) {
      float[] n = normed(model, LlamaNorm.LAST, 0, x[t]);
      float[] scores = product(model, register, LlamaMatrix.CLASSIFIER, 0, n);
      for (int id = 0; id < scores.length; id++) {
        all[id * ids.length + t] = scores[id];
      }
    }
    return all;
  }

  private static float[] product(
      QuantizedLlama model, Summation register, LlamaMatrix matrix, int layer, float[] x) {
    int rows = matrix.rows(model.shape());
    float[] y =
        model
            .integers(matrix, layer)
            .map(integers -> integers.multiply(register, x))
            .orElseGet(() -> {
              float[] sums = new float[rows];
              float[] row = new float[x.length];
              for (int r = 0; r < rows; r++) {
                model.rows(matrix, layer, r, 1, row);
                sums[r] = dot(row, x);
              }
              return sums;
            });
    float[] bias = model.bias(matrix, layer);
    for (int r = 0; r < rows; r++) {
      y[r] = y[r] + (bias.length == 0 ? 0 : bias[r]);
    }
    return y;
  }

  private static float dot(float[] a, float[] b) {
    return FloatDot.value(new Exact(), Summation.exact().order(), a, b);
  }

  private static float[] part(float[] x, int head, int size) {
    return Arrays.copyOfRange(x, head * size, (head + 1) * size);
  }

  private static void add(float[] x, float[] more) {
    for (int c = 0; c < x.length; c++) {
      x[c] = x[c] + more[c];
    }
  }

  private static float[] normed(LlamaModel model, LlamaNorm norm, int layer, float[] x) {
    float[] y = x.clone();
    new Normalization(
            "n",
            0,
            TensorType.floats(x.length, 1, 1),
            Normalization.Form.RMS,
            model.gains(norm, layer),
            new float[0],
            model.epsilon())
        .apply(y);
    return y;
  }

  private static float[] turned(LlamaModel model, float[] x, int t) {
    int size = model.shape().headSize();
    Rotary rotary = new Rotary("r", 0, TensorType.floats(size, t + 1, 1), size, model.rotaryBase());
    float[] y = new float[x.length];
    for (int c = 0; c < x.length; c += 2) {
      int at = t * (size / 2) + c % size / 2;
      float cosine = rotary.turns(true)[at];
      float sine = rotary.turns(false)[at];
      y[c] = x[c] * cosine - x[c + 1] * sine;
      y[c + 1] = x[c] * sine + x[c + 1] * cosine;
    }
    return y;
  }

  @Test
  void run_integerMatrices_equalPlainLoopsInEveryRegisterForAnyNumberOfThreads()
      throws IOException {
    LlamaModel real = real();
    QuantizedLlama model = new QuantizedLlama(real, integers(real.shape(), true));
    QuantizedLlama realScores = new QuantizedLlama(real, integers(real.shape(), false));
    int[] ids = new Random(3).ints(14, 0, TinyLlama.VOCABULARY).toArray();
    for (String text :
        new String[] {
          "exact", "int16:saturate:chunk(3,int32)", "int14:saturate", "int12:wrap:chunk(4,int20)"
        }) {
      Summation register = Summation.parse(text);
      for (QuantizedLlama one : new QuantizedLlama[] {model, realScores}) {
        float[] expected = new float[TinyLlama.VOCABULARY * ids.length];
        for (int w = 0; w < 2; w++) {
          float[] window = plain(one, register, Arrays.copyOfRange(ids, 7 * w, 7 * w + 7));
          for (int v = 0; v < TinyLlama.VOCABULARY; v++) {
            System.arraycopy(window, v * 7, expected, v * ids.length + 7 * w, 7);
          }
        }
        for (int threads = 1; threads <= 3; threads += 2) {
          assertThat(fast(one, LayerRegisters.of(register), ids, 2, threads))
              .as(text)
              .isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void registers_narrowOnes_changeTheScores() throws IOException {
    LlamaModel real = real();
    QuantizedLlama model = new QuantizedLlama(real, integers(real.shape(), false));
    int[] ids = {5, 9, 77, 130};
    float[] exact = fast(model, LayerRegisters.exact(), ids, 1, 1);
    float[] narrow = fast(model, LayerRegisters.of(Summation.parse("int14:saturate")), ids, 1, 1);
    assertThat(narrow).isNotEqualTo(exact);
  }

  @Test
  void network_writtenAndRead_isTheSameModel() throws IOException {
    LlamaShape shape = real().shape();
    Map<String, IntegerMatrix> matrices = integers(shape, true);
    Network network = IntegerSumsNetwork.of(shape, matrices, Map.of("quantization", "test"));
    Path file = folder.resolve("network.narrows");
    NarrowsWriter.write(network, file);
    Network read = new NarrowsReader().read(file);
    assertThat(read).isEqualTo(network);
    assertThat(IntegerSumsNetwork.matrices(file, read, shape)).isEqualTo(matrices);
  }

  @Test
  void matrices_ofAnotherShape_areRefused() throws IOException {
    LlamaShape shape = real().shape();
    Network network = IntegerSumsNetwork.of(shape, integers(shape, false), Map.of());
    LlamaShape other = new LlamaShape(8, 12, 1, 2, 1, TinyLlama.VOCABULARY, false, 8);
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> IntegerSumsNetwork.matrices(FILE, network, other))
        .withMessageContaining("layer1.attention.query");
    LlamaShape wider = new LlamaShape(8, 16, 2, 2, 1, TinyLlama.VOCABULARY, false, 8);
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> IntegerSumsNetwork.matrices(FILE, network, wider))
        .withMessageContaining("expected 16 x 8 integers, got 12 x 8");
    Network shifted =
        new Network(
            network.name(),
            network.input(),
            network.layers(),
            Map.of("shifts.layer0.feed.up", "1 2 x 4 5 6 7 8"));
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> IntegerSumsNetwork.matrices(FILE, shifted, shape))
        .withMessageContaining("layer0.feed.up");
    for (String block : new String[] {"8", "64", "four", "-4"}) {
      Network turned =
          new Network(
              network.name(),
              network.input(),
              network.layers(),
              Map.of("hadamard.layer0.feed.up", block));
      assertThatExceptionOfType(NetworkFileException.class)
          .isThrownBy(() -> IntegerSumsNetwork.matrices(FILE, turned, shape))
          .withMessageContaining("layer0.feed.up");
    }
  }

  @Test
  void codes_ofATokenWithShifts_areTheNearestIntegers() {
    int[] codes = new int[4];
    float scale =
        TokenCodes.EIGHT.of(
            new float[] {-2, 0.5f, 1, 6}, new TokenPreparation(new byte[] {0, 0, -1, 1}, 1), codes);
    assertThat(scale).isEqualTo(3f / 127);
    assertThat(codes).containsExactly(-85, 21, 85, 127);
    assertThat(TokenCodes.EIGHT.of(new float[3], TokenPreparation.NONE, codes)).isZero();
    assertThat(TokenCodes.EIGHT.of(new float[] {Float.MIN_VALUE}, TokenPreparation.NONE, codes))
        .isZero();
    assertThat(codes[0]).isZero();
  }

  @Test
  void run_activationsWithoutACode_nameTheLayer() throws IOException {
    LlamaModel real = real();
    Map<String, IntegerMatrix> matrices = integers(real.shape(), false);
    IntegerMatrix up = Objects.requireNonNull(matrices.get("layer0.feed.up"));
    float[] huge = new float[up.rows()];
    Arrays.fill(huge, Float.MAX_VALUE);
    matrices.put(
        "layer0.feed.up",
        new IntegerMatrix(
            up.rows(), up.terms(), up.codes(), huge, up.preparation(), TokenCodes.EIGHT));
    QuantizedLlama model = new QuantizedLlama(real, matrices);
    assertThatExceptionOfType(LayerArithmeticException.class)
        .isThrownBy(() -> fast(model, LayerRegisters.exact(), new int[] {5, 6, 7}, 1, 1))
        .withMessageContaining("layer0.feed.down");
  }

  @Test
  void matrix_ofNumbersThatDoNotFit_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new IntegerMatrix(
                1,
                2,
                new byte[2],
                new float[] {Float.NaN},
                TokenPreparation.NONE,
                TokenCodes.EIGHT))
        .withMessageContaining("NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new IntegerMatrix(
                1, 2, new byte[3], new float[1], TokenPreparation.NONE, TokenCodes.EIGHT));
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new IntegerMatrix(
                1,
                2,
                new byte[2],
                new float[1],
                new TokenPreparation(new byte[] {0, 60, 0}, 1),
                TokenCodes.EIGHT))
        .withMessageContaining("3 shifts");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new IntegerMatrix(
                1,
                2,
                new byte[2],
                new float[1],
                new TokenPreparation(new byte[0], 4),
                TokenCodes.EIGHT))
        .withMessageContaining("blocks of 4");
  }
}
