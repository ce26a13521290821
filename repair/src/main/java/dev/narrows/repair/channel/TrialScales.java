package dev.narrows.repair.channel;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The scales that are worth a trial for a channel.
 *
 * @param top the smallest at which rounding to nearest is safe, or the largest there is
 * @param floor the given one; below 5 bits less, since clipping a few weights may pay
 * @param most the largest that the format takes
 * @param few whether the integers have fewer than 5 bits
 */
record TrialScales(double top, double floor, double most, boolean few) {
  /** A quarter octave, rounded as IEEE 754 rounds roots. */
  private static final double STEP = Math.sqrt(Math.sqrt(2));

  private static final int STEPS = 16;
  private static final int STARTS = 5;
  private static final double START_STEP = 0.3125;
  private static final int FEW_LEVELS = 7;
  private static final int LONG = 1024;

  static TrialScales of(ChannelTask task, InputMoments moments, Levers levers) {
    ScaleChoice choice = task.scales();
    double given = choice.given();
    if (choice.isFixed() || !levers.growth()) {
      return new TrialScales(given, given, given, false);
    }
    double top = Growth.scale(task, moments).orElse(choice.most());
    boolean few = task.codes().max() <= FEW_LEVELS;
    double floor = few ? Math.max(choice.least(), given / 4) : given;
    return new TrialScales(top, floor, choice.most(), few);
  }

  /** Where rounding to nearest alone is tried: the top, and below 5 bits what lies under it. */
  double[] rounded() {
    return few
        ? Arrays.stream(grid()).filter(scale -> scale <= top).toArray()
        : distinct(DoubleStream.of(top));
  }

  /** Quarter octaves down from one above the top, and the floor; rising. */
  double[] grid() {
    DoubleStream down = DoubleStream.iterate(top, scale -> scale / STEP).limit(STEPS + 1);
    return distinct(DoubleStream.concat(down, DoubleStream.of(top * STEP, floor)));
  }

  /**
   * Where searches start, the top among them: each moves its scale by itself; rising.
   *
   * @param terms K: long sums start fewer searches, whose time grows with K²
   */
  double[] starts(int terms) {
    int starts = terms > LONG ? 2 : STARTS;
    double step = START_STEP * (terms > LONG ? 2 : 1);
    return distinct(
        IntStream.range(0, starts)
            .mapToDouble(i -> Math.max(floor, top * StrictMath.pow(2, -i * step))));
  }

  private double[] distinct(DoubleStream scales) {
    double[] inside = scales.filter(scale -> floor <= scale && scale <= most).toArray();
    return Arrays.stream(inside).sorted().distinct().toArray();
  }
}
