package dev.narrows.network.llama;

import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.FloatProduct;
import dev.narrows.kernels.FloatWeights;
import java.util.Comparator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The first token with an overflow in a product: parts of the product are summed again and their
 * events counted, halving the tokens.
 *
 * @param tokens the number of a sum's token
 */
record OverflowSearch(
    FloatProduct weights, Summation summation, FloatColumns x, MeterPlaces tokens) {
  /** Its number; {@code limit} if none has a smaller one. */
  int first(int limit) {
    return tokens.rows().isPresent() ? ofRows(tokens.rows().get(), limit) : ofColumns(limit);
  }

  private int ofColumns(int limit) {
    int[] columns = sorted(x.columns(), limit, j -> tokens.of(0, j));
    int low = 0;
    int high = columns.length;
    if (high == 0 || !overflows(columns, 0, high)) {
      return limit;
    }
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (overflows(columns, low, middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return tokens.of(0, columns[low]);
  }

  private boolean overflows(int[] columns, int from, int to) {
    FloatColumns some = new FloatColumns(weights.weights().terms(), to - from);
    some.shape(weights.weights().terms(), to - from);
    for (int k = 0; k < weights.weights().terms(); k++) {
      for (int j = from; j < to; j++) {
        some.values()[k * some.stride() + j - from] = x.values()[k * x.stride() + columns[j]];
      }
    }
    return overflows(weights, some);
  }

  private int ofRows(MeterPlaces.TokenRows rows, int limit) {
    int terms = weights.weights().terms();
    for (int row : sorted(weights.weights().channels(), limit, r -> tokens.of(r, 0))) {
      FloatColumns seen = new FloatColumns(terms, rows.seen(row));
      seen.shape(terms, rows.seen(row));
      for (int k = 0; k < terms; k++) {
        System.arraycopy(
            x.values(), k * x.stride(), seen.values(), k * seen.stride(), rows.seen(row));
      }
      if (overflows(new FloatProduct(FloatWeights.of(1, terms, rows.operands(row))), seen)) {
        return tokens.of(row, 0);
      }
    }
    return limit;
  }

  private boolean overflows(FloatProduct product, FloatColumns columns) {
    float[] out = new float[product.weights().channels() * columns.columns()];
    return overflowed(product.count(summation, columns, out, 0, columns.columns()));
  }

  static boolean overflowed(FloatEvents events) {
    return events.productOverflows() + events.sumOverflows() > 0;
  }

  private static int[] sorted(int count, int limit, IntUnaryOperator token) {
    return IntStream.range(0, count)
        .filter(i -> token.applyAsInt(i) < limit)
        .boxed()
        .sorted(Comparator.comparingInt(token::applyAsInt))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
