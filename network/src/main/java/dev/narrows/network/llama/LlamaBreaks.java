package dev.narrows.network.llama;

import dev.narrows.network.llama.LlamaBreak.BreakKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a text whose sums stopped being numbers. Such a token is noted with the product
 * where that began, and its activations become zeros, so that the other tokens can be run on; those
 * that look back at it break, too. An infinite score of attention breaks nothing where it is −∞:
 * that is a weight of 0.
 */
final class LlamaBreaks {
  private final List<LlamaBreak> all = new ArrayList<>();
  private @Nullable String[] places = new String[0];
  private int from;

  /** Begins a run of so many tokens, the first of which has this number. */
  synchronized void begin(int prediction, int columns) {
    from = prediction;
    places = new String[columns];
  }

  /** Marks the tokens that have a value which is not finite, and makes zeros of theirs. */
  void clean(String product, float[] values, int channels, int columns) {
    float[] zeros = new float[columns]; // stay 0 where all is finite, else NaN
    for (int c = 0; c < channels; c++) {
      int row = c * columns;
      for (int j = 0; j < columns; j++) {
        zeros[j] += values[row + j] * 0;
      }
    }
    for (int j = 0; j < columns; j++) {
      if (Float.isNaN(zeros[j])) {
        mark(product, j);
        for (int c = 0; c < channels; c++) {
          values[c * columns + j] = 0;
        }
      }
    }
  }

  /** A token is broken from this product on, if it is not already. */
  void mark(String product, int column) {
    mark(BreakKind.NOT_FINITE, product, column);
  }

  private synchronized void mark(BreakKind kind, String product, int column) {
    if (places[column] == null) {
      places[column] = product;
      all.add(new LlamaBreak(kind, product, from + column));
    }
  }

  /** Attention of a layer: what looks back at a broken key or value breaks. */
  void carry(int layer, int windows, int count) {
    String query = LlamaMatrix.QUERY.name(layer); // a query is looked at by nobody else
    for (int w = 0; w < windows; w++) {
      boolean seen = false;
      for (int j = w * count; j < (w + 1) * count; j++) {
        String place = places[j];
        if (place == null && seen) {
          mark(BreakKind.CARRIED, LlamaProduct.scores(layer), j);
        }
        seen |= place != null && !Objects.equals(place, query);
      }
    }
  }

  /** All of them, by number. */
  synchronized List<LlamaBreak> all() {
    LlamaBreak[] sorted = all.toArray(LlamaBreak[]::new);
    Arrays.sort(sorted, Comparator.comparingInt(LlamaBreak::prediction));
    return List.of(sorted);
  }
}
