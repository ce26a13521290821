package dev.narrows.repair.channel;

import dev.narrows.repair.channel.RepairedChannel.Means;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Safe integers for one channel at one scale, by each lever of docs/repair.md. */
final class ScaleTrial {
  private static final int TRIES = 8;

  private final ChannelTask task;
  private final InputMoments moments;
  private final double scale;
  private final double[] wanted;

  ScaleTrial(ChannelTask task, InputMoments moments, double scale) {
    this.task = task;
    this.moments = moments;
    this.scale = scale;
    this.wanted = new double[task.target().length];
    for (int k = 0; k < wanted.length; k++) {
      wanted[k] = task.target()[k] / scale;
    }
  }

  /** The target rounded to nearest, half to even, if that is safe. */
  Optional<RepairedChannel> nearest() {
    int[] weights = nearestWeights();
    return task.safe(weights, scale) ? Optional.of(done(weights, Means.GROWTH)) : Optional.empty();
  }

  /** The target rounded to nearest, half to even, safe or not. */
  int[] nearestWeights() {
    return rounded(wanted);
  }

  /** The target less its thresholds, rounded to nearest. */
  Optional<RepairedChannel> threshold() {
    return within(reserve -> rounded(shrunk(reserve, 1))).map(q -> done(q, Means.THRESHOLD));
  }

  /**
   * Error feedback.
   *
   * @param share how much of the thresholds is taken away first, 0 to 1
   */
  Optional<RepairedChannel> feedback(FeedbackOrder order, double share) {
    return within(reserve ->
            order.round(
                share > 0 ? shrunk(reserve, share) : wanted,
                Budget.of(task, reserve.below, reserve.above)))
        .map(q -> done(q, Means.FEEDBACK));
  }

  /** The best of what the levers allow at this scale. */
  Optional<RepairedChannel> best(Levers levers, FeedbackOrder order) {
    List<RepairedChannel> found = new ArrayList<>();
    nearest().ifPresent(found::add);
    if (levers.threshold()) {
      threshold().ifPresent(found::add);
    }
    if (levers.feedback()) {
      feedback(order, 0).ifPresent(found::add);
      if (levers.threshold()) {
        feedback(order, 0.5).ifPresent(found::add);
        feedback(order, 1).ifPresent(found::add);
      }
    }
    return least(found);
  }

  /** What a search begins with at this scale. */
  Optional<RepairedChannel> start(Levers levers, FeedbackOrder order) {
    if (levers.feedback()) {
      Optional<RepairedChannel> fed = feedback(order, levers.threshold() ? 0.5 : 0);
      if (fed.isPresent()) {
        return fed;
      }
    }
    return levers.threshold() ? threshold() : nearest();
  }

  /** The first of the least error. */
  static Optional<RepairedChannel> least(List<RepairedChannel> found) {
    return found.stream().min(Comparator.comparingDouble(RepairedChannel::error));
  }

  private record Reserve(long below, long above) {
    Reserve with(long preload, long spare) {
      return new Reserve(
          Math.max(below, Math.max(0, -preload) + spare),
          Math.max(above, Math.max(0, preload) + spare));
    }
  }

  /** What a register begins with depends on the weights that it leaves room for: tried anew. */
  private Optional<int[]> within(Function<Reserve, int[]> method) {
    Reserve reserve = new Reserve(0, 0).with(task.preload().of(nearestWeights(), scale), 0);
    long spare = 0;
    for (int i = 0; i < TRIES; i++) {
      if (!Budget.of(task, reserve.below, reserve.above).isOpen()) {
        return Optional.empty();
      }
      int[] weights = method.apply(reserve);
      if (task.safe(weights, scale)) {
        return Optional.of(weights);
      }
      reserve = reserve.with(task.preload().of(weights, scale), spare);
      spare = 2 * spare + 1;
    }
    return Optional.empty();
  }

  private int[] rounded(double[] real) {
    int[] weights = new int[real.length];
    for (int k = 0; k < real.length; k++) {
      weights[k] =
          (int) Math.clamp((long) Math.rint(real[k]), task.codes().min(), task.codes().max());
    }
    return weights;
  }

  private double[] shrunk(Reserve reserve, double share) {
    double[] shrunk = new SignThresholds(task).losses(wanted, reserve.below, reserve.above);
    for (int k = 0; k < shrunk.length; k++) {
      shrunk[k] = SignThresholds.shrunk(wanted[k], share * shrunk[k]);
    }
    return shrunk;
  }

  /** All integers 0, safe or not. */
  RepairedChannel zero() {
    int[] weights = new int[wanted.length];
    return done(weights, task.safe(weights, scale) ? Means.ZERO : Means.IMPOSSIBLE);
  }

  /** Integers with their error; all 0 for weights that are not is {@link Means#ZERO}. */
  RepairedChannel done(int[] weights, Means means) {
    double[] difference = new double[weights.length];
    for (int k = 0; k < weights.length; k++) {
      difference[k] = scale * weights[k] - task.target()[k];
    }
    boolean lost =
        means != Means.IMPOSSIBLE
            && Arrays.stream(weights).allMatch(q -> q == 0)
            && !Arrays.stream(task.target()).allMatch(w -> w == 0);
    return new RepairedChannel(
        weights, scale, moments.quadratic(difference), lost ? Means.ZERO : means);
  }
}
