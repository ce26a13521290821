package dev.narrows.repair.channel;

import java.util.Optional;

/**
 * The smallest scale, not below the given one, at which rounding the target to nearest is safe
 * (docs/repair.md). Bisected in the logarithm; each answer is a scale that was checked.
 */
final class Growth {
  private static final int HALVINGS = 40;

  private Growth() {}

  static Optional<Double> scale(ChannelTask task, InputMoments moments) {
    return scale(task, moments, HALVINGS);
  }

  /** The same, less sharply: after some halvings. */
  static Optional<Double> scale(ChannelTask task, InputMoments moments, int halvings) {
    double given = task.scales().given();
    if (isSafe(task, moments, given)) {
      return Optional.of(given);
    }
    double largest = 0;
    for (double w : task.target()) {
      largest = Math.max(largest, Math.abs(w));
    }
    // above twice the largest weight all integers are 0
    double out = given;
    double in = Math.min(task.scales().most(), Math.max(given, 2.1 * largest));
    while (!isSafe(task, moments, in)) {
      if (in >= task.scales().most() || in > 1e6 * Math.max(given, largest)) {
        return Optional.empty();
      }
      out = in;
      in = Math.min(task.scales().most(), 2 * in);
    }
    for (int i = 0; i < halvings; i++) {
      double middle = Math.sqrt(out) * Math.sqrt(in);
      if (isSafe(task, moments, middle)) {
        in = middle;
      } else {
        out = middle;
      }
    }
    return Optional.of(in);
  }

  private static boolean isSafe(ChannelTask task, InputMoments moments, double scale) {
    return task.safe(new ScaleTrial(task, moments, scale).nearestWeights(), scale);
  }
}
