package dev.narrows.network.execute;

import dev.narrows.core.dot.FloatEvents;

/** Gathers the statistics of one layer from all threads of a run. */
final class FloatMeter {
  private final double[] signal;
  private final double[] noise;
  private FloatEvents events = FloatEvents.none();

  FloatMeter(int images) {
    signal = new double[images];
    noise = new double[images];
  }

  synchronized void add(FloatEvents more) {
    events = events.plus(more);
  }

  /**
   * Compares the sums of a block of images. Every image has a place of its own, and its elements
   * are added by ascending index, so that neither blocks nor threads change a bit.
   *
   * @param sums [elements][images]
   * @param exact the same
   */
  void compare(float[] sums, float[] exact, int elements, int first, int images) {
    for (int e = 0; e < elements; e++) {
      for (int i = 0; i < images; i++) {
        double is = sums[e * images + i];
        double should = exact[e * images + i];
        signal[first + i] += should * should;
        noise[first + i] += (is - should) * (is - should);
      }
    }
  }

  FloatStatistics result(LayerRegister register, int terms) {
    return FloatStatistics.of(register, terms, events, signal, noise);
  }

  void tell(LayerRegister register, SignalsOfImages receiver) {
    receiver.take(register.layer(), signal.clone(), noise.clone());
  }
}
