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
  private static final double NEARLY = 1.18;
  private static final int JOINT_ROUNDS = 4;

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
    List<RepairedChannel> best = kept.size() == tasks.size() ? kept : List.of();
    for (double scale : sharedScales(tasks, levers)) {
      List<RepairedChannel> found = tasks.stream().map(task -> at(task, scale, levers)).toList();
      if (best.isEmpty() || rank(found) < rank(best)) {
        best = found;
      }
    }
    return levers.search() && levers.growth() ? refined(tasks, best) : best;
  }

  /** The summed error, unsafe channels worst of all. */
  private static double rank(List<RepairedChannel> channels) {
    return channels.stream()
        .mapToDouble(channel -> channel.isSafe() ? channel.error() : Double.POSITIVE_INFINITY)
        .sum();
  }

  /** What each channel would choose from, none nearly twice, the largest always. */
  private double[] sharedScales(List<ChannelTask> tasks, Levers levers) {
    List<TrialScales> each =
        tasks.stream().map(task -> TrialScales.of(task, moments, levers)).toList();
    double floor = each.stream().mapToDouble(TrialScales::floor).max().orElse(0);
    double[] all =
        each.stream()
            .flatMapToDouble(
                s -> Arrays.stream(levers.search() ? s.starts(moments.terms()) : s.grid()))
            .filter(scale -> scale >= floor)
            .sorted()
            .toArray();
    double[] chosen = new double[all.length];
    int count = 0;
    for (int i = 0; i < all.length; i++) {
      if (i == all.length - 1 || count == 0 || all[i] >= NEARLY * chosen[count - 1]) {
        chosen[count++] = all[i];
      }
    }
    return Arrays.copyOf(chosen, count);
  }

  private RepairedChannel at(ChannelTask task, double scale, Levers levers) {
    ScaleTrial trial = new ScaleTrial(task, moments, scale);
    Optional<RepairedChannel> found =
        levers.search()
            ? trial.start(levers, order).map(new Descent(task, moments, false)::from)
            : trial.best(levers, order);
    return found.orElseGet(trial::zero);
  }

  /** The best scale for all the integers, then integers for that scale, as long as it helps. */
  private List<RepairedChannel> refined(List<ChannelTask> tasks, List<RepairedChannel> channels) {
    List<RepairedChannel> best = channels;
    for (int round = 0; round < JOINT_ROUNDS && !best.isEmpty(); round++) {
      double along = 0;
      double square = 0;
      for (int c = 0; c < tasks.size(); c++) {
        double[] q = Arrays.stream(best.get(c).weights()).asDoubleStream().toArray();
        double[] product = moments.times(q);
        for (int k = 0; k < q.length; k++) {
          along += product[k] * tasks.get(c).target()[k];
          square += product[k] * q[k];
        }
      }
      double least = tasks.stream().mapToDouble(task -> task.scales().least()).max().orElse(0);
      double most = tasks.stream().mapToDouble(task -> task.scales().most()).min().orElse(0);
      if (!(along > 0 && square > 0 && least < most)) {
        return best;
      }
      double scale = Math.clamp(along / square, least, most);
      List<RepairedChannel> moved = new ArrayList<>();
      for (int c = 0; c < tasks.size(); c++) {
        int[] weights = best.get(c).weights();
        if (!tasks.get(c).safe(weights, scale)) {
          return best;
        }
        RepairedChannel same =
            new ScaleTrial(tasks.get(c), moments, scale).done(weights, best.get(c).how());
        moved.add(new Descent(tasks.get(c), moments, false).from(same));
      }
      if (!(rank(moved) < rank(best))) {
        return best;
      }
      best = moved;
    }
    return best;
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
