package dev.narrows.network.llama;

import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.FloatProduct;
import dev.narrows.kernels.FloatWeights;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Attention of one layer: for some queries of a window and all heads that share keys, scores with
 * the keys up to the last of these queries, weights by softmax, and a mix of values. Keys behind a
 * query get the weight 0, whatever their score.
 */
final class LlamaAttention {
  /** Queries that are looked at together. */
  private static final int QUERIES = 128;

  private static final int LINE = 16; // floats of a cache line

  private final LlamaShape shape;
  private final LlamaSum scores;
  private final LlamaSum mix;
  private final String scored;
  private final int prediction;
  private final Optional<LlamaBreaks> breaks;
  private final KeyValues memory;
  private final float[] keys;
  private final float[] values;
  private final int count;
  private final int columns;
  private final int size;
  private final int group;
  private final Softmax softmax;

  /**
   * @param memory holds keys and values of the new tokens already
   * @param count new tokens of every window
   * @param prediction the number of the first of them
   * @param breaks what takes tokens whose weights are not numbers
   */
  LlamaAttention(
      LlamaShape shape,
      int layer,
      Map<String, LlamaSum> sums,
      KeyValues memory,
      int count,
      int prediction,
      Optional<LlamaBreaks> breaks) {
    this.shape = shape;
    this.scores = Objects.requireNonNull(sums.get(LlamaProduct.scores(layer)));
    this.mix = Objects.requireNonNull(sums.get(LlamaProduct.mix(layer)));
    this.scored = LlamaProduct.scores(layer);
    this.prediction = prediction;
    this.breaks = breaks;
    this.memory = memory;
    this.keys = memory.keys(layer);
    this.values = memory.values(layer);
    this.count = count;
    this.columns = memory.windows() * count;
    this.size = shape.headSize();
    this.group = shape.heads() / shape.keyHeads();
    this.softmax = new Softmax("weights", 0, TensorType.floats(1, 1, 1), shape.scoreScale(), true);
  }

  /**
   * Mixes values for every query.
   *
   * @param queries [dim][columns]
   * @param mixed gets [dim][columns]
   */
  void run(LlamaThreads threads, float[] queries, float[] mixed) {
    int blocks = Math.ceilDiv(count, QUERIES);
    scores.begin(shape.keyHeads() * columns, columns, prediction);
    mix.begin(shape.keyHeads() * columns, columns, prediction);
    int each = memory.windows() * shape.keyHeads();
    threads.run(
        blocks * each,
        (item, bench) -> {
          int block = blocks - 1 - item / each; // the last queries see most: they go first
          int first = block * QUERIES;
          int some = Math.min(count - first, QUERIES);
          int window = item % each / shape.keyHeads();
          new Part(window, item % shape.keyHeads(), first, some).run(bench, queries, mixed);
        });
    scores.end();
    mix.end();
  }

  /** Some queries of a window with one head of keys. */
  private final class Part {
    private final int window;
    private final int head;
    private final int first;
    private final int some;
    private final int rows;
    private final int seen;

    Part(int window, int head, int first, int some) {
      this.window = window;
      this.head = head;
      this.first = first;
      this.some = some;
      this.rows = group * some;
      this.seen = memory.past() + first + some;
    }

    void run(Workbench bench, float[] queries, float[] mixed) {
      float[] weights = weights(bench, queries);
      FloatColumns x = bench.columns(seen, rows);
      for (int r = 0; r < rows; r += LINE) {
        for (int s = 0; s < seen; s++) {
          for (int i = r; i < Math.min(rows, r + LINE); i++) {
            x.values()[s * x.stride() + i] = weights[i * seen + s];
          }
        }
      }
      float[] ofValues = new float[size * seen];
      for (int c = 0; c < size; c++) {
        System.arraycopy(values, memory.at(window, head * size + c), ofValues, c * seen, seen);
      }
      FloatProduct product = new FloatProduct(FloatWeights.of(size, seen, ofValues));
      float[] out = bench.sums(size * rows);
      mix.multiply(product, x, out, 0, rows, bench, (_, row) -> place(row));
      mix.saw(ofValues, x, out, 0, rows);
      for (int c = 0; c < size; c++) {
        for (int h = 0; h < group; h++) {
          int to = ((head * group + h) * size + c) * columns + window * count + first;
          System.arraycopy(out, c * rows + h * some, mixed, to, some);
        }
      }
    }

    /** [heads][queries][keys] in the bench's room for sums. */
    private float[] weights(Workbench bench, float[] queries) {
      FloatColumns x = bench.columns(size, seen);
      for (int k = 0; k < size; k++) {
        System.arraycopy(
            keys, memory.at(window, head * size + k), x.values(), k * x.stride(), seen);
      }
      float[] ofQueries = new float[rows * size];
      for (int h = 0; h < group; h++) {
        for (int k = 0; k < size; k++) {
          int from = ((head * group + h) * size + k) * columns + window * count + first;
          for (int t = 0; t < some; t++) {
            ofQueries[(h * some + t) * size + k] = queries[from + t];
          }
        }
      }
      FloatProduct product = new FloatProduct(FloatWeights.of(rows, size, ofQueries));
      float[] out = bench.sums(rows * seen);
      scores.multiply(product, x, out, 0, seen, bench, new QueryPlaces(ofQueries));
      scores.saw(ofQueries, x, out, 0, seen);
      float[] row = new float[seen];
      for (int r = 0; r < rows; r++) {
        System.arraycopy(out, r * seen, row, 0, seen);
        softmax.apply(row, position(r));
        if (breaks.isPresent() && Float.isNaN(row[0])) { // then all are
          breaks.get().mark(scored, column(r));
          Arrays.fill(row, 0);
        }
        System.arraycopy(row, 0, out, r * seen, seen);
      }
      return out;
    }

    private int place(int row) {
      return head * columns + column(row);
    }

    private int column(int row) {
      return window * count + first + row % some;
    }

    /** In the window; a query sees the keys up to its own. */
    private int position(int row) {
      return memory.past() + first + row % some;
    }

    /** Rows are queries. */
    private final class QueryPlaces implements MeterPlaces, MeterPlaces.TokenRows {
      private final float[] queries;

      QueryPlaces(float[] queries) {
        this.queries = queries;
      }

      @Override
      public int of(int row, int column) {
        return place(row);
      }

      @Override
      public Optional<TokenRows> rows() {
        return Optional.of(this);
      }

      @Override
      public int seen(int row) {
        return position(row) + 1;
      }

      @Override
      public float[] operands(int row) {
        return Arrays.copyOfRange(queries, row * size, (row + 1) * size);
      }
    }
  }
}
