package dev.narrows.network.llama;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A model in which outliers among activations are made smaller, and the weights that meet them
 * larger, channel by channel: SmoothQuant's idea (Xiao and others 2023, <a
 * href="https://arxiv.org/abs/2211.10438">arXiv 2211.10438</a>) with powers of two. Channel c in
 * front of a matrix is divided by 2^k where it is made and its column multiplied by 2^k,
 *
 * <pre>k_c = round(log2(max|X_c|^α / max|W_c|^(1−α))) less the median of all channels,</pre>
 *
 * <p>so that a typical channel stays as it is. Channels are made by the gains of a normalisation
 * (in front of query, key and value; of gate and up; of the classifier), by rows of the value
 * matrix (in front of the output matrix), and by rows of up (in front of down).
 *
 * <p>A power of two commutes with every rounding to binary32 as long as nothing leaves its normal
 * range, so exact sums give the same scores to the last bit. So do registers that take operands as
 * they are: every product is the same but those of value, of mix and of up, whose sums move by a
 * power of two, which a register notices at the ends of its range alone. Operands that are rounded
 * to FP8 change where they leave its normal range.
 */
public final class MigratedLlama extends ForwardingLlama {
  /** Exponents are held to ± this. */
  static final int MOST = 12;

  private final LlamaShape shape;
  private final List<Layer> layers;
  private final int[] last;

  /**
   * Exponents k of a layer.
   *
   * @param attention in front of query, key and value, [dim]
   * @param value in front of the output matrix, [keyDim]
   * @param feed in front of gate and up, [dim]
   * @param up in front of down, [hidden]
   */
  private record Layer(int[] attention, int[] value, int[] feed, int[] up) {}

  private MigratedLlama(LlamaModel model, List<Layer> layers, int[] last) {
    super(model);
    this.layers = layers;
    this.last = last;
    LlamaShape of = model.shape();
    // the classifier's columns are other numbers than the embedding's now
    this.shape =
        new LlamaShape(
            of.dim(),
            of.hidden(),
            of.layers(),
            of.heads(),
            of.keyHeads(),
            of.vocabulary(),
            false,
            of.length());
  }

  /**
   * Chooses exponents by what a text shows.
   *
   * @param tokens that the model is shown, window by window
   * @param length tokens of a window
   * @param alpha α in [0, 1]: 0 looks at weights alone, 1 at activations alone
   */
  public static MigratedLlama of(
      LlamaModel model, int[] tokens, int length, double alpha, int threads) {
    if (!(alpha >= 0 && alpha <= 1)) {
      throw new IllegalArgumentException("alpha must be in [0, 1], got " + alpha);
    }
    LlamaActivations seen = LlamaActivations.of(model, tokens, length, threads);
    LlamaShape shape = model.shape();
    List<Layer> layers =
        IntStream.range(0, shape.layers())
            .mapToObj(layer -> layer(model, seen, layer, alpha))
            .toList();
    int[] last =
        exponents(
            seen.of(LlamaMatrix.CLASSIFIER, 0), columns(model, 0, LlamaMatrix.CLASSIFIER), alpha);
    return new MigratedLlama(model, layers, last);
  }

  private static Layer layer(LlamaModel model, LlamaActivations seen, int layer, double alpha) {
    LlamaShape shape = model.shape();
    int[] attention =
        exponents(
            seen.of(LlamaMatrix.QUERY, layer),
            columns(model, layer, LlamaMatrix.QUERY, LlamaMatrix.KEY, LlamaMatrix.VALUE),
            alpha);
    int[] feed =
        exponents(
            seen.of(LlamaMatrix.GATE, layer),
            columns(model, layer, LlamaMatrix.GATE, LlamaMatrix.UP),
            alpha);
    int[] up =
        exponents(seen.of(LlamaMatrix.DOWN, layer), columns(model, layer, LlamaMatrix.DOWN), alpha);
    float[] mixed = seen.of(LlamaMatrix.OUTPUT, layer);
    float[] output = columns(model, layer, LlamaMatrix.OUTPUT);
    float[] mixedOfValue = new float[shape.keyDim()];
    float[] outputOfValue = new float[shape.keyDim()];
    for (int c = 0; c < mixed.length; c++) {
      int value = valueOf(shape, c);
      mixedOfValue[value] = Math.max(mixedOfValue[value], mixed[c]);
      outputOfValue[value] = Math.max(outputOfValue[value], output[c]);
    }
    return new Layer(attention, exponents(mixedOfValue, outputOfValue, alpha), feed, up);
  }

  /** The channel of the values that a channel of the mix is made of: heads share them. */
  private static int valueOf(LlamaShape shape, int mixed) {
    int head = mixed / shape.headSize();
    int group = shape.heads() / shape.keyHeads();
    return head / group * shape.headSize() + mixed % shape.headSize();
  }

  /** The largest magnitude of every column over matrices with one input. */
  private static float[] columns(LlamaModel model, int layer, LlamaMatrix... matrices) {
    float[] most = new float[matrices[0].terms(model.shape())];
    int together = Math.max(1, (1 << 16) / most.length);
    for (LlamaMatrix matrix : matrices) {
      int rows = matrix.rows(model.shape());
      float[] some = new float[together * most.length];
      for (int first = 0; first < rows; first += together) {
        int count = Math.min(together, rows - first);
        model.rows(matrix, layer, first, count, some);
        for (int i = 0; i < count * most.length; i++) {
          most[i % most.length] = Math.max(most[i % most.length], Math.abs(some[i]));
        }
      }
    }
    return most;
  }

  private static int[] exponents(float[] activations, float[] weights, double alpha) {
    double[] logs = new double[activations.length];
    for (int c = 0; c < logs.length; c++) {
      // a channel that is never used, or was never seen, stays
      logs[c] =
          activations[c] > 0 && weights[c] > 0
              ? (alpha * StrictMath.log(activations[c]) - (1 - alpha) * StrictMath.log(weights[c]))
                  / StrictMath.log(2)
              : Double.NaN;
    }
    double[] known = Arrays.stream(logs).filter(Double::isFinite).sorted().toArray();
    double median = known.length == 0 ? 0 : known[known.length / 2];
    return Arrays.stream(logs)
        .mapToInt(
            log -> Double.isNaN(log) ? 0 : (int) Math.clamp(Math.rint(log - median), -MOST, MOST))
        .toArray();
  }

  /** How many channels are changed, of how many. */
  public int[] changed() {
    int[] counts = new int[2];
    for (Layer layer : layers) {
      count(layer.attention(), counts);
      count(layer.value(), counts);
      count(layer.feed(), counts);
      count(layer.up(), counts);
    }
    count(last, counts);
    return counts;
  }

  private static void count(int[] exponents, int[] counts) {
    counts[0] += (int) Arrays.stream(exponents).filter(k -> k != 0).count();
    counts[1] += exponents.length;
  }

  @Override
  public LlamaShape shape() {
    return shape;
  }

  @Override
  public float[] gains(LlamaNorm norm, int layer) {
    float[] gains = super.gains(norm, layer);
    int[] exponents =
        switch (norm) {
          case ATTENTION -> layers.get(layer).attention();
          case FEED -> layers.get(layer).feed();
          case LAST -> last;
        };
    divide(gains, exponents);
    return gains;
  }

  @Override
  public float[] bias(LlamaMatrix matrix, int layer) {
    float[] bias = super.bias(matrix, layer);
    if (bias.length > 0) {
      divide(bias, made(matrix, layer));
    }
    return bias;
  }

  @Override
  public void rows(LlamaMatrix matrix, int layer, int first, int rows, float[] to) {
    super.rows(matrix, layer, first, rows, to);
    int terms = matrix.terms(shape);
    int[] met = met(matrix, layer);
    int[] made = made(matrix, layer);
    for (int r = 0; r < rows; r++) {
      int less = made.length == 0 ? 0 : made[first + r];
      for (int c = 0; c < met.length; c++) {
        to[r * terms + c] = Math.scalb(to[r * terms + c], met[c] - less);
      }
    }
  }

  /** Exponents of the channels that a matrix is multiplied with; empty of the embedding. */
  private int[] met(LlamaMatrix matrix, int layer) {
    return switch (matrix) {
      case EMBEDDING -> new int[0];
      case CLASSIFIER -> last;
      case QUERY, KEY, VALUE -> layers.get(layer).attention();
      case GATE, UP -> layers.get(layer).feed();
      case DOWN -> layers.get(layer).up();
      case OUTPUT -> {
        int[] ofMix = new int[shape.dim()];
        Arrays.setAll(ofMix, c -> layers.get(layer).value()[valueOf(shape, c)]);
        yield ofMix;
      }
    };
  }

  /** Exponents of the channels that a matrix makes; empty where they stay. */
  private int[] made(LlamaMatrix matrix, int layer) {
    return switch (matrix) {
      case VALUE -> layers.get(layer).value();
      case UP -> layers.get(layer).up();
      case EMBEDDING, QUERY, KEY, OUTPUT, GATE, DOWN, CLASSIFIER -> new int[0];
    };
  }

  private static void divide(float[] values, int[] exponents) {
    for (int i = 0; i < exponents.length; i++) {
      values[i] = Math.scalb(values[i], -exponents[i]);
    }
  }
}
