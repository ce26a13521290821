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
  private final InputMoments moments;
  private final FeedbackOrder order;

  private ChannelRepair(InputMoments moments, FeedbackOrder order) {
    this.moments = moments;
    this.order = order;
  }

  InputMoments moments() {
    return moments;
  }

  /**
   * Prepares for a group of channels.
   *
   * @throws IllegalArgumentException if the moments are not those of real inputs: NaN, infinite, or
   *     a covariance that is not positive semidefinite
   */
  public static ChannelRepair of(InputMoments moments) {
    check(moments);
    return new ChannelRepair(moments, FeedbackOrder.of(moments));
  }

  static void check(InputMoments moments) {
    if (!Arrays.stream(moments.mean()).allMatch(Double::isFinite)
        || !Arrays.stream(moments.covariance()).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("moments are not finite");
    }
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
    TrialScales scales = TrialScales.of(task, moments, levers);
    Descent descent = new Descent(task, moments, levers.growth());
    for (double scale : scales.rounded()) {
      new ScaleTrial(task, moments, scale).nearest().ifPresent(found::add);
    }
    if (levers.search()) {
      for (double scale : scales.starts(moments.terms())) {
        ScaleTrial trial = new ScaleTrial(task, moments, scale);
        trial.start(levers, order).map(descent::from).ifPresent(found::add);
      }
    } else if (levers.threshold() || levers.feedback()) {
      for (double scale : scales.grid()) {
        new ScaleTrial(task, moments, scale).best(levers, order).ifPresent(found::add);
      }
    }
    Optional<RepairedChannel> best = ScaleTrial.least(found);
    return (levers.search() ? best.map(descent::shaken) : best).orElseGet(() -> zero(task, levers));
  }

  /** What becomes of a channel at a scale that others set. */
  RepairedChannel at(ChannelTask task, double scale, Levers levers) {
    ScaleTrial trial = new ScaleTrial(task, moments, scale);
    Optional<RepairedChannel> found =
        levers.search()
            ? trial.start(levers, order).map(new Descent(task, moments, false)::from)
            : trial.best(levers, order);
    return found.orElseGet(trial::zero);
  }

  /** Refuses a task that is not of this group. */
  void check(ChannelTask task) {
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
  Optional<RepairedChannel> kept(ChannelTask task) {
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
