package dev.narrows.network.llama;

import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.ColumnSums;
import dev.narrows.kernels.Columns;
import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.FloatProduct;
import dev.narrows.kernels.MatrixProduct;
import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.LayerArithmeticException;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import java.util.List;
import java.util.Optional;

/** One product of a model in the register that it is summed in, metered where asked. */
final class LlamaSum {
  private final LlamaProduct product;
  private final LayerRegister register;
  private final Summation summation;
  private final Optional<LlamaMeter> meter;
  private final float factor;
  private List<LlamaTrial.Tally> trials = List.of();
  private boolean watched;
  private float mostProduct;
  private float mostSum;

  /**
   * @param factor what its sums are multiplied by; see {@link LayerRegisters#factor}
   */
  LlamaSum(LlamaProduct product, LayerRegister register, float factor, boolean metered) {
    this.factor = factor;
    this.product = product;
    this.register = register;
    this.summation = new Summation(register.accumulator(), register.order());
    // exact sums have neither events nor noise
    this.meter =
        metered && register.accumulator() instanceof FloatAccumulator
            ? Optional.of(new LlamaMeter())
            : Optional.empty();
  }

  boolean metered() {
    return meter.isPresent();
  }

  /** Begins a product of so many tokens; see {@link LlamaMeter#begin}. */
  void begin(int places, int tokens, int prediction) {
    meter.ifPresent(m -> m.begin(places, tokens, prediction));
  }

  void end() {
    meter.ifPresent(LlamaMeter::end);
  }

  /** What the register did, if it was metered. */
  Optional<FloatStatistics> statistics() {
    return meter.map(m -> m.result(register, product.terms()));
  }

  /** Makes its sums of real numbers in these registers, too, from now on. */
  void tries(List<LlamaTrial.Tally> tallies) {
    trials = tallies;
  }

  /** Notes from now on how large products and sums become. */
  void watch() {
    watched = true;
  }

  /** How large they became since. */
  synchronized LlamaRange range() {
    return new LlamaRange(product.name(), mostProduct, mostSum);
  }

  /**
   * Sees what was multiplied, if it watches.
   *
   * @param weights [rows][terms]
   * @param out holds the sums, as {@link #multiply} left them
   */
  void saw(float[] weights, FloatColumns x, float[] out, int offset, int stride) {
    if (!watched) {
      return;
    }
    int rows = weights.length / x.terms();
    float product = 0;
    for (int k = 0; k < x.terms(); k++) {
      float input = 0;
      for (int j = 0; j < x.columns(); j++) {
        input = Math.max(input, Math.abs(x.values()[k * x.stride() + j]));
      }
      float weight = 0;
      for (int r = 0; r < rows; r++) {
        weight = Math.max(weight, Math.abs(weights[r * x.terms() + k]));
      }
      product = Math.max(product, input * weight);
    }
    float sum = 0;
    for (int r = 0; r < rows; r++) {
      for (int j = offset + r * stride; j < offset + r * stride + x.columns(); j++) {
        sum = Math.max(sum, Math.abs(out[j]));
      }
    }
    saw(product, sum);
  }

  private synchronized void saw(float one, float sum) {
    mostProduct = Math.max(mostProduct, one);
    mostSum = Math.max(mostSum, sum);
  }

  /** The first token whose sums overflowed, if they are metered and one did. */
  Optional<LlamaBreak> firstOverflow() {
    return meter
        .map(LlamaMeter::firstOverflow)
        .filter(token -> token < Integer.MAX_VALUE)
        .map(token -> new LlamaBreak(LlamaBreak.BreakKind.OVERFLOW, product.name(), token));
  }

  /**
   * Every row of integers with every column of codes.
   *
   * @throws LayerArithmeticException if an exact sum leaves 64 bits
   */
  void multiply(MatrixProduct weights, Columns x, ColumnSums registers) {
    try {
      weights.multiply(summation, x, new long[0], registers);
    } catch (ArithmeticException e) {
      throw new LayerArithmeticException(product.name(), e);
    }
  }

  /** The scale of a token, see {@link TokenCodes#scale}. */
  float scale(TokenCodes codes, float largest) {
    try {
      return codes.scale(largest);
    } catch (ArithmeticException e) {
      throw new LayerArithmeticException(product.name(), e);
    }
  }

  /**
   * Every row of weights with every column, to {@code out[offset + row · stride + column]}.
   *
   * @param x filled since its shape was set
   * @throws LayerArithmeticException if a sum is not a number
   */
  void multiply(
      FloatProduct weights,
      FloatColumns x,
      float[] out,
      int offset,
      int stride,
      Workbench bench,
      MeterPlaces places) {
    try {
      if (meter.isEmpty()) {
        weights.multiply(summation, x, out, offset, stride);
        compensate(weights.weights().channels(), x.columns(), out, offset, stride);
        for (LlamaTrial.Tally each : trials) {
          attempt(each, weights, x, out, offset, stride, bench);
        }
        return;
      }
      FloatEvents events = weights.count(summation, x, out, offset, stride);
      compensate(weights.weights().channels(), x.columns(), out, offset, stride);
      meter.get().add(events);
      if (OverflowSearch.overflowed(events)) {
        meter.get().overflowed(weights, summation, x, places);
      }
      int rows = weights.weights().channels();
      float[] exact = bench.exact(rows * x.columns());
      weights.multiply(Summation.exact(), x, exact, 0, x.columns());
      for (int r = 0; r < rows; r++) {
        for (int j = 0; j < x.columns(); j++) {
          float sum = out[offset + r * stride + j];
          meter.get().note(places.of(r, j), sum, exact[r * x.columns() + j]);
        }
      }
    } catch (ArithmeticException e) {
      throw new LayerArithmeticException(product.name(), e);
    }
  }

  private void compensate(int rows, int columns, float[] out, int offset, int stride) {
    for (int r = 0; r < rows && factor != 1; r++) {
      for (int j = offset + r * stride; j < offset + r * stride + columns; j++) {
        out[j] *= factor;
      }
    }
  }

  private static void attempt(
      LlamaTrial.Tally tally,
      FloatProduct weights,
      FloatColumns x,
      float[] out,
      int offset,
      int stride,
      Workbench bench) {
    int rows = weights.weights().channels();
    int columns = x.columns();
    float[] narrow = bench.exact(rows * columns);
    weights.multiply(tally.summation(), x, narrow, 0, columns);
    double products = 0;
    double squares = 0;
    double exactSquares = 0;
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < columns; j++) {
        double s = narrow[r * columns + j];
        double e = out[offset + r * stride + j];
        products += s * e;
        squares += s * s;
        exactSquares += e * e;
      }
    }
    tally.add(products, squares, exactSquares);
  }
}
