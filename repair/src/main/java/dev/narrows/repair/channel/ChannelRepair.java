package dev.narrows.repair.channel;

import dev.narrows.repair.channel.RepairedChannel.Means;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds safe integers for the channels of a group that see the same inputs. Deterministic: plain
 * loops in a stated order. Safe for use by several threads.
 *
 * @see "docs/repair.md"
 */
public final class ChannelRepair {
  private static final int STEPS_PER_OCTAVE = 4;
  private static final int OCTAVES = 4;
  private static final int FEW_LEVELS = 7;

  private final InputMoments moments;
  private final FeedbackOrder order;

  private ChannelRepair(InputMoments moments, FeedbackOrder order) {
    this.moments = moments;
    this.order = order;
  }

  /**
   * Prepares for a group of channels.
   *
   * @throws IllegalArgumentException if the moments are not those of real inputs: NaN, infinite, or
   *     a covariance that is not positive semidefinite
   */
  public static ChannelRepair of(InputMoments moments) {
    if (!Arrays.stream(moments.mean()).allMatch(Double::isFinite)
        || !Arrays.stream(moments.covariance()).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("moments are not finite");
    }
    return new ChannelRepair(moments, FeedbackOrder.of(moments));
  }

  /**
   * Repairs one channel.
   *
   * @throws IllegalArgumentException if the weights are not finite or not as many as the inputs
   */
  public RepairedChannel repair(ChannelTask task, Levers levers) {
    check(task);
    List<RepairedChannel> found = new ArrayList<>();
    Optional<RepairedChannel> kept = kept(task);
    if (kept.isPresent() && Arrays.equals(task.given(), task.target())) {
      return kept.get();
    }
    kept.ifPresent(found::add);
    for (double scale : scales(task, levers)) {
      new ScaleTrial(task, moments, scale).best(levers, order).ifPresent(found::add);
    }
    return ScaleTrial.least(found).orElseGet(() -> zero(task, levers));
  }

  /**
   * Repairs channels that must share one scale: the scale at which the sum of their errors is
   * least. All choose between the same scales as the first.
   *
   * @return one for each task, in order
   */
  public List<RepairedChannel> repairTogether(List<ChannelTask> tasks, Levers levers) {
    tasks.forEach(this::check);
    List<RepairedChannel> kept = tasks.stream().flatMap(task -> kept(task).stream()).toList();
    if (kept.size() == tasks.size()
        && tasks.stream().allMatch(task -> Arrays.equals(task.given(), task.target()))) {
      return kept;
    }
    double[] scales =
        tasks.stream()
            .flatMapToDouble(task -> Arrays.stream(scales(task, levers)))
            .sorted()
            .distinct()
            .toArray();
    List<RepairedChannel> best = kept.size() == tasks.size() ? kept : List.of();
    for (double scale : thinned(scales)) {
      List<RepairedChannel> found =
          tasks.stream().map(task -> at(task, scale, levers)).toList();
      if (best.isEmpty() || rank(found) < rank(best)) {
        best = found;
      }
    }
    return best;
  }

  /** The summed error, unsafe channels worst of all. */
  private static double rank(List<RepairedChannel> channels) {
    return channels.stream()
        .mapToDouble(channel -> channel.isSafe() ? channel.error() : Double.POSITIVE_INFINITY)
        .sum();
  }

  /** At most a few steps an octave, the ends kept. */
  private static double[] thinned(double[] scales) {
    double step = StrictMath.pow(2, 0.5 / STEPS_PER_OCTAVE);
    double[] last = {0};
    return Arrays.stream(scales)
        .filter(
            scale -> {
              boolean far = scale >= last[0] * step || scale == scales[scales.length - 1];
              last[0] = far ? scale : last[0];
              return far;
            })
        .toArray();
  }

  private RepairedChannel at(ChannelTask task, double scale, Levers levers) {
    ScaleTrial trial = new ScaleTrial(task, moments, scale);
    return trial.best(levers, order).orElseGet(trial::zero);
  }

  private void check(ChannelTask task) {
    if (task.target().length != moments.terms()) {
      throw new IllegalArgumentException(
          "%d weights, %d inputs".formatted(task.target().length, moments.terms()));
    }
    if (!Arrays.stream(task.given()).allMatch(Double::isFinite)
        || !Arrays.stream(task.target()).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("weights are not finite");
    }
  }

  /** The integers that the channel has, if its weights are integers times its scale and safe. */
  private Optional<RepairedChannel> kept(ChannelTask task) {
    double scale = task.scales().given();
    int[] weights = new int[task.given().length];
    for (int k = 0; k < weights.length; k++) {
      double code = Math.rint(task.given()[k] / scale);
      boolean exact = Math.abs(code * scale - task.given()[k]) <= 1e-6 * scale;
      if (!exact || code < task.codes().min() || code > task.codes().max()) {
        return Optional.empty();
      }
      weights[k] = (int) code;
    }
    ScaleTrial trial = new ScaleTrial(task, moments, scale);
    return task.safe(weights, scale)
        ? Optional.of(trial.done(weights, Means.KEPT))
        : Optional.empty();
  }

  /** Scales worth a trial, rising. */
  private double[] scales(ChannelTask task, Levers levers) {
    ScaleChoice choice = task.scales();
    if (choice.isFixed() || !levers.growth()) {
      return new double[] {choice.given()};
    }
    double top = Growth.scale(task, moments).orElse(choice.most());
    double floor = choice.given();
    if (task.codes().max() <= FEW_LEVELS) {
      floor = Math.max(choice.least(), floor / 4);
    }
    List<Double> scales = new ArrayList<>();
    scales.add(top);
    if (levers.threshold() || levers.feedback() || floor < choice.given()) {
      for (int i = 1; i <= STEPS_PER_OCTAVE * OCTAVES; i++) {
        double scale = top * StrictMath.pow(2, -(double) i / STEPS_PER_OCTAVE);
        if (scale <= floor) {
          break;
        }
        scales.add(scale);
      }
      scales.add(floor);
      double above = top * StrictMath.pow(2, 1.0 / STEPS_PER_OCTAVE);
      if (above <= choice.most()) {
        scales.add(above);
      }
    }
    return scales.stream().mapToDouble(s -> s).sorted().distinct().toArray();
  }

  /** Nothing else is safe: the smallest scale at which zeros are. */
  private RepairedChannel zero(ChannelTask task, Levers levers) {
    double scale = task.scales().given();
    double most = levers.growth() ? task.scales().most() : scale;
    RepairedChannel zero = new ScaleTrial(task, moments, scale).zero();
    while (!zero.isSafe() && scale < most) {
      scale = Math.min(most, 2 * scale);
      zero = new ScaleTrial(task, moments, scale).zero();
    }
    return zero;
  }
}
