package dev.narrows.network.llama;

import dev.narrows.core.dot.FloatEvents;
import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.LayerRegister;

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

  /** Begins a product with so many places. */
  void begin(int places) {
    signal = new double[places];
    noise = new double[places];
  }

  synchronized void add(FloatEvents more) {
    events = events.plus(more);
  }

  /** Notes a sum beside the exact one; one thread at a time for a place. */
  void note(int place, float sum, float exact) {
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
