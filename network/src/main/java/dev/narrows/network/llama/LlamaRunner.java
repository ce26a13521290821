package dev.narrows.network.llama;

import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Rotary;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Runs a model on windows of tokens, layer by layer over all of them at once: bit for bit what an
 * executor gives of {@link LlamaModel#network}, without its copies of all weights and scores. Rows
 * of a matrix are decoded a block at a time and forgotten.
 *
 * <p>Activations are [channels][columns], where the columns are the new tokens, window by window.
 * One run at a time.
 */
final class LlamaRunner implements AutoCloseable {
  /** Columns that kernels look at together; fewer cost as much. */
  private static final int PANEL = 128;

  /** Columns whose scores of all tokens are in memory together, for each thread. */
  private static final int SCORED = 256;

  private final LlamaModel model;
  private final LlamaShape shape;
  private final Map<String, LlamaSum> sums = new LinkedHashMap<>();
  private final LlamaThreads threads;
  private final Map<String, float[]> buffers = new HashMap<>();
  private final Optional<LlamaBreaks> breaks;
  private Optional<LlamaActivations> shown = Optional.empty();
  private int first;
  private float[] cosines = new float[0];
  private float[] sines = new float[0];

  /**
   * What takes the scores of some columns, perhaps on several threads at once.
   *
   * @see #scores
   */
  interface ScoreTaker {
    /**
     * Takes them.
     *
     * @param scores [vocabulary][columns], valid during the call
     * @param first the first column
     */
    void take(float[] scores, int first, int columns);
  }

  /**
   * A runner under these registers.
   *
   * @param length K of attention's second product, for statistics
   * @param metered whether {@link #statistics} are wanted
   * @throws IllegalArgumentException if a rule of {@code registers} matches no layer
   */
  LlamaRunner(
      LlamaModel model, LayerRegisters registers, int length, boolean metered, int threads) {
    this(model, registers, length, metered, threads, Optional.empty());
  }

  /**
   * The same.
   *
   * @param breaks takes tokens whose sums are not finite; without it an exact sum, or a register
   *     that has no NaN, ends the run where it meets one
   */
  LlamaRunner(
      LlamaModel model,
      LayerRegisters registers,
      int length,
      boolean metered,
      int threads,
      Optional<LlamaBreaks> breaks) {
    this.breaks = breaks;
    this.model = model;
    this.shape = model.shape();
    List<LlamaProduct> products = LlamaProduct.of(shape, length);
    List<LayerRegister> chosen = registers.of(model.sums());
    for (int i = 0; i < products.size(); i++) {
      LlamaProduct product = products.get(i);
      float factor = registers.factor(product.name());
      sums.put(product.name(), new LlamaSum(product, chosen.get(i), factor, metered));
    }
    this.threads = new LlamaThreads(threads);
  }

  /** Shows the inputs of matrices from now on. */
  void shows(LlamaActivations to) {
    shown = Optional.of(to);
  }

  /** Notes from now on how large products and sums become. */
  void watch() {
    sums.values().forEach(LlamaSum::watch);
  }

  /**
   * Makes sums of real numbers in other registers, too, from now on.
   *
   * @param tallies for each choice of registers one for each product
   */
  void tries(List<List<LlamaTrial.Tally>> tallies) {
    int i = 0;
    for (LlamaSum sum : sums.values()) {
      int product = i++;
      sum.tries(tallies.stream().map(each -> each.get(product)).toList());
    }
  }

  /**
   * Runs a text to its scores, window by window, for what sums note meanwhile.
   *
   * @param length tokens of a window
   */
  void show(int[] tokens, int length) {
    for (int begin = 0; begin < tokens.length; begin += length) {
      int count = Math.min(length, tokens.length - begin);
      int[] ids = Arrays.copyOfRange(tokens, begin, begin + count);
      float[] normed = run(ids, KeyValues.ofOnePass(shape, 1, count));
      scores(normed, count, (_, _, _) -> {});
    }
  }

  /** How large they became since. */
  List<LlamaRange> ranges() {
    return sums.values().stream().map(LlamaSum::range).toList();
  }

  /** What floating-point registers did in all runs so far, if that is metered. */
  List<FloatStatistics> statistics() {
    return sums.values().stream().map(LlamaSum::statistics).flatMap(Optional::stream).toList();
  }

  /** The first token of every product that had an overflow, where that is metered. */
  List<LlamaBreak> overflows() {
    return sums.values().stream().map(LlamaSum::firstOverflow).flatMap(Optional::stream).toList();
  }

  /** Runs tokens that have no numbers of their own. */
  float[] run(int[] ids, KeyValues memory) {
    return run(ids, memory, 0);
  }

  /**
   * Runs the next tokens of every window.
   *
   * @param prediction the number of the first of them, for {@link LlamaBreak}
   * @param ids [windows][count]
   * @param memory of the tokens before them; grows by these
   * @return what scores are made of, [dim][windows · count]; valid until the next run
   */
  float[] run(int[] ids, KeyValues memory, int prediction) {
    float[] x = begin(ids, memory, prediction);
    for (int layer = 0; layer < shape.layers(); layer++) {
      layer(layer, x, memory, ids.length, (_, _, _) -> {});
    }
    memory.grow(ids.length / memory.windows());
    return last(x, ids.length);
  }

  /** What scores are made of, behind the last layer. */
  float[] last(float[] x, int columns) {
    return norm(LlamaNorm.LAST, 0, x, columns);
  }

  /** The stream of the next tokens of every window before the first layer, [dim][columns]. */
  float[] begin(int[] ids, KeyValues memory, int prediction) {
    first = prediction;
    breaks.ifPresent(b -> b.begin(prediction, ids.length));
    Objects.checkFromIndexSize(memory.past(), ids.length / memory.windows(), memory.capacity());
    turnsUpTo(memory.capacity());
    float[] x = buffer("stream", shape.dim(), ids.length);
    embed(ids, x);
    return x;
  }

  /** One layer on the stream; {@code tap} may change what the model says of matrices it sees. */
  void layer(int layer, float[] x, KeyValues memory, int columns, LayerwiseRun.InputTap tap) {
    int count = columns / memory.windows();
    float[] n = norm(LlamaNorm.ATTENTION, layer, x, columns);
    tap.look(LlamaMatrix.QUERY, layer, n);
    float[] q = product(LlamaMatrix.QUERY, layer, n, columns);
    float[] k = product(LlamaMatrix.KEY, layer, n, columns);
    float[] v = product(LlamaMatrix.VALUE, layer, n, columns);
    turn(q, shape.dim(), memory.past(), count, columns);
    turn(k, shape.keyDim(), memory.past(), count, columns);
    memory.put(k, memory.keys(layer), count);
    memory.put(v, memory.values(layer), count);
    float[] mixed = buffer("mixed", shape.dim(), columns);
    breaks.ifPresent(b -> b.carry(layer, memory.windows(), count));
    new LlamaAttention(shape, layer, sums, memory, count, first, breaks).run(threads, q, mixed);
    clean(LlamaProduct.mix(layer), mixed, shape.dim(), columns);
    tap.look(LlamaMatrix.OUTPUT, layer, mixed);
    add(x, product(LlamaMatrix.OUTPUT, layer, mixed, columns), shape.dim() * columns);
    n = norm(LlamaNorm.FEED, layer, x, columns);
    tap.look(LlamaMatrix.GATE, layer, n);
    float[] gate = product(LlamaMatrix.GATE, layer, n, columns);
    open(gate, product(LlamaMatrix.UP, layer, n, columns), columns);
    tap.look(LlamaMatrix.DOWN, layer, gate);
    add(x, product(LlamaMatrix.DOWN, layer, gate, columns), shape.dim() * columns);
  }

  /** The scores of all tokens for every column of what {@link #run} gave. */
  void scores(float[] normed, int columns, ScoreTaker taker) {
    int width = columns >= SCORED * threads.count() ? SCORED : PANEL;
    int parts = Math.ceilDiv(columns, width);
    LlamaSum sum = sum(LlamaMatrix.CLASSIFIER.name(0));
    clean(LlamaMatrix.CLASSIFIER.name(0), normed, shape.dim(), columns);
    if (parts < threads.count() && !sum.metered()) {
      taker.take(product(LlamaMatrix.CLASSIFIER, 0, normed, columns), 0, columns);
      return;
    }
    sum.begin(columns, columns, first);
    threads.run(
        parts,
        (part, bench) -> {
          int first = part * width;
          int some = Math.min(columns - first, width);
          float[] out = bench.sums(Math.multiplyExact(shape.vocabulary(), some));
          blocks(
                  LlamaMatrix.CLASSIFIER,
                  0,
                  new MatrixBlocks.ColumnRange(normed, columns, first, some))
              .all(bench, out, 0, some);
          taker.take(out, first, some);
        });
    sum.end();
  }

  private LlamaSum sum(String name) {
    return Objects.requireNonNull(sums.get(name));
  }

  private float[] buffer(String name, int channels, int columns) {
    int size = Math.multiplyExact(channels, columns);
    float[] have = buffers.getOrDefault(name, new float[0]);
    if (have.length < size) {
      have = new float[size];
      buffers.put(name, have);
    }
    return have;
  }

  private void turnsUpTo(int positions) {
    int pairs = shape.headSize() / 2;
    if (cosines.length < positions * pairs) {
      TensorType head = TensorType.floats(shape.headSize(), positions, 1);
      Rotary rotary =
          new Rotary("turn", 0, head, shape.headSize(), model.rotaryBase(), model.rotaryDivisors());
      cosines = rotary.turns(true);
      sines = rotary.turns(false);
    }
  }

  private void embed(int[] ids, float[] x) {
    float[] row = new float[shape.dim()];
    for (int j = 0; j < ids.length; j++) {
      model.rows(LlamaMatrix.EMBEDDING, 0, ids[j], 1, row);
      for (int c = 0; c < row.length; c++) {
        x[c * ids.length + j] = row[c];
      }
    }
  }

  private float[] norm(LlamaNorm norm, int layer, float[] x, int columns) {
    TensorType column = TensorType.floats(shape.dim(), 1, 1);
    Normalization layerOfIt =
        new Normalization(
            "norm",
            0,
            column,
            Normalization.Form.RMS,
            model.gains(norm, layer),
            new float[0],
            model.epsilon());
    float[] out = buffer("normed", shape.dim(), columns);
    int together = 16; // columns of a cache line
    threads.run(
        Math.ceilDiv(columns, together),
        (part, _) -> {
          int first = part * together;
          int some = Math.min(columns - first, together);
          float[][] several = new float[some][shape.dim()];
          for (int c = 0; c < shape.dim(); c++) {
            for (int j = 0; j < some; j++) {
              several[j][c] = x[c * columns + first + j];
            }
          }
          for (float[] one : several) {
            layerOfIt.apply(one);
          }
          for (int c = 0; c < shape.dim(); c++) {
            for (int j = 0; j < some; j++) {
              out[c * columns + first + j] = several[j][c];
            }
          }
        });
    return out;
  }

  private void turn(float[] x, int channels, int past, int count, int columns) {
    int pairs = shape.headSize() / 2;
    threads.run(
        channels / 2,
        (pairOfAll, _) -> {
          int pair = pairOfAll % pairs;
          int even = 2 * pairOfAll * columns;
          int odd = even + columns;
          for (int j = 0; j < columns; j++) {
            int turn = (past + j % count) * pairs + pair;
            float a = x[even + j];
            float b = x[odd + j];
            x[even + j] = a * cosines[turn] - b * sines[turn];
            x[odd + j] = a * sines[turn] + b * cosines[turn];
          }
        });
  }

  private void add(float[] x, float[] more, int size) {
    threads.run(
        shape.dim(),
        (channel, _) -> {
          int each = size / shape.dim();
          for (int i = channel * each; i < (channel + 1) * each; i++) {
            x[i] = x[i] + more[i];
          }
        });
  }

  /** The gate lets through what it is open for. */
  private void open(float[] gate, float[] up, int columns) {
    threads.run(
        shape.hidden(),
        (channel, _) -> {
          for (int i = channel * columns; i < (channel + 1) * columns; i++) {
            gate[i] = Activation.Function.SILU.apply(gate[i]) * up[i];
          }
        });
  }

  /** Every row of a matrix with every column; in a buffer that is the matrix's own. */
  private float[] product(LlamaMatrix matrix, int layer, float[] in, int columns) {
    int rows = matrix.rows(shape);
    float[] out = buffer(matrix.name(), rows, columns);
    LlamaSum sum = sum(matrix.name(layer));
    int width = Math.ceilDiv(Math.ceilDiv(columns, threads.count()), PANEL) * PANEL;
    int parts = Math.ceilDiv(columns, width);
    clean(matrix.name(layer), in, matrix.terms(shape), columns);
    shown.ifPresent(to -> to.see(matrix, layer, in, columns));
    sum.begin(columns, columns, first);
    if (parts >= threads.count() || sum.metered()) {
      threads.run(
          parts,
          (part, bench) -> {
            int first = part * width;
            MatrixBlocks.ColumnRange some =
                new MatrixBlocks.ColumnRange(in, columns, first, Math.min(columns - first, width));
            blocks(matrix, layer, some).all(bench, out, first, columns);
          });
    } else {
      MatrixBlocks all =
          blocks(matrix, layer, new MatrixBlocks.ColumnRange(in, columns, 0, columns));
      threads.run(
          all.count(), (index, bench) -> all.some(bench, index, index + 1, out, 0, columns));
    }
    sum.end();
    if (matrix != LlamaMatrix.CLASSIFIER) { // infinite scores may still have a loss
      clean(matrix.name(layer), out, rows, columns);
    }
    return out;
  }

  private MatrixBlocks blocks(LlamaMatrix matrix, int layer, MatrixBlocks.ColumnRange in) {
    return new MatrixBlocks(model, matrix, layer, in, sum(matrix.name(layer)));
  }

  private void clean(String product, float[] values, int channels, int columns) {
    breaks.ifPresent(b -> b.clean(product, values, channels, columns));
  }

  @Override
  public void close() {
    threads.close();
  }
}
