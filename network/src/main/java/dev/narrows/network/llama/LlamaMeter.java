package dev.narrows.network.llama;

import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.FloatProduct;
import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.LayerRegister;
import java.util.Optional;

/**
 * What a register did to one product, pass by pass. Within a pass every place of a token, and of a
 * head that works by itself, has sums of its own, so that threads change no bit.
 */
final class LlamaMeter {
  private double[] signal = new double[0];
  private double[] noise = new double[0];
  private double allSignal;
  private double allNoise;
  private FloatEvents events = FloatEvents.none();
  private int columns;
  private int from;
  private int overflow = Integer.MAX_VALUE;

  /**
   * Begins a product with so many places.
   *
   * @param tokens of the run
   * @param prediction the number of the first of them
   */
  void begin(int places, int tokens, int prediction) {
    columns = tokens;
    from = prediction;
    signal = new double[places];
    noise = new double[places];
  }

  synchronized void add(FloatEvents more) {
    events = events.plus(more);
  }

  /** Looks for the first token whose sums overflow, once it is known that some do. */
  void overflowed(FloatProduct weights, Summation summation, FloatColumns x, MeterPlaces places) {
    MeterPlaces tokens =
        new MeterPlaces() {
          @Override
          public int of(int row, int column) {
            return from + places.of(row, column) % columns;
          }

          @Override
          public Optional<TokenRows> rows() {
            return places.rows();
          }
        };
    int first = new OverflowSearch(weights, summation, x, tokens).first(firstOverflow());
    overflow(first);
  }

  private synchronized void overflow(int token) {
    overflow = Math.min(overflow, token);
  }

  /** The number of the first token with an overflow; {@link Integer#MAX_VALUE} if none had. */
  synchronized int firstOverflow() {
    return overflow;
  }

  /** Notes a sum beside the exact one; one thread at a time for a place. */
  void note(int place, float sum, float exact) {
    if (!Float.isFinite(sum)) {
      return; // told as a break
    }
    double off = (double) sum - exact;
    signal[place] += (double) exact * exact;
    noise[place] += off * off;
  }

  /** Ends the product. */
  void end() {
    for (int i = 0; i < signal.length; i++) {
      allSignal += signal[i];
      allNoise += noise[i];
    }
  }

  FloatStatistics result(LayerRegister register, int terms) {
    return new FloatStatistics(register, terms, events, allSignal, allNoise);
  }
}
