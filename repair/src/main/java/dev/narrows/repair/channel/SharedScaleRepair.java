package dev.narrows.repair.channel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds safe integers for channels that must share one scale: that at which the sum of their errors
 * is least. The channels may belong to several groups. Deterministic: plain loops in a stated
 * order.
 *
 * @see "docs/repair.md"
 */
public final class SharedScaleRepair {
  private static final double NEARLY = 1.18;
  private static final int ROUNDS = 4;

  private final List<GroupChannel> members;
  private final Levers levers;

  /**
   * One of the channels.
   *
   * @param solver of its group
   */
  public record GroupChannel(ChannelRepair solver, ChannelTask task) {
    private RepairedChannel at(double scale, Levers levers) {
      return solver.at(task, scale, levers);
    }
  }

  private SharedScaleRepair(List<GroupChannel> members, Levers levers) {
    this.members = members;
    this.levers = levers;
  }

  /**
   * Repairs the channels.
   *
   * @param members whose scales all have the same bounds
   * @return one for each member, in order
   * @throws IllegalArgumentException if weights are not finite or not as many as the inputs
   */
  public static List<RepairedChannel> of(List<GroupChannel> members, Levers levers) {
    members.forEach(member -> member.solver().check(member.task()));
    return new SharedScaleRepair(members, levers).best();
  }

  private List<RepairedChannel> best() {
    List<RepairedChannel> kept =
        members.stream().flatMap(one -> one.solver().kept(one.task()).stream()).toList();
    boolean whole = kept.size() == members.size();
    if (whole
        && members.stream()
            .allMatch(one -> Arrays.equals(one.task().given(), one.task().target()))) {
      return kept;
    }
    List<RepairedChannel> best = whole ? kept : List.of();
    for (double scale : scales()) {
      List<RepairedChannel> found = members.stream().map(one -> one.at(scale, levers)).toList();
      if (best.isEmpty() || rank(found) < rank(best)) {
        best = found;
      }
    }
    return levers.search() && levers.growth() ? refined(best) : best;
  }

  /** The summed error, unsafe channels worst of all. */
  private static double rank(List<RepairedChannel> channels) {
    return channels.stream()
        .mapToDouble(channel -> channel.isSafe() ? channel.error() : Double.POSITIVE_INFINITY)
        .sum();
  }

  /** What each channel would choose from, none nearly twice, the largest always. */
  private double[] scales() {
    double floor = 0;
    List<double[]> each = new ArrayList<>();
    for (GroupChannel one : members) {
      InputMoments moments = one.solver().moments();
      TrialScales scales = TrialScales.of(one.task(), moments, levers);
      floor = Math.max(floor, scales.floor());
      each.add(levers.search() ? scales.starts(moments.terms()) : scales.grid());
    }
    double least = floor;
    double[] all =
        each.stream()
            .flatMapToDouble(Arrays::stream)
            .filter(scale -> scale >= least)
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

  /** The best scale for all the integers, then integers for that scale, as long as it helps. */
  private List<RepairedChannel> refined(List<RepairedChannel> channels) {
    List<RepairedChannel> best = channels;
    for (int round = 0; round < ROUNDS && !best.isEmpty(); round++) {
      double scale = fitted(best);
      if (Double.isNaN(scale)) {
        return best;
      }
      List<RepairedChannel> moved = new ArrayList<>();
      for (int c = 0; c < members.size(); c++) {
        ChannelTask task = members.get(c).task();
        InputMoments moments = members.get(c).solver().moments();
        int[] weights = best.get(c).weights();
        if (!task.safe(weights, scale)) {
          return best;
        }
        RepairedChannel same =
            new ScaleTrial(task, moments, scale).done(weights, best.get(c).how());
        moved.add(new Descent(task, moments, false).from(same));
      }
      if (!(rank(moved) < rank(best))) {
        return best;
      }
      best = moved;
    }
    return best;
  }

  /** s = Σ qᵀHw / Σ qᵀHq, inside its bounds; NaN if there is none. */
  private double fitted(List<RepairedChannel> channels) {
    double along = 0;
    double square = 0;
    for (int c = 0; c < members.size(); c++) {
      double[] q = Arrays.stream(channels.get(c).weights()).asDoubleStream().toArray();
      double[] product = members.get(c).solver().moments().times(q);
      for (int k = 0; k < q.length; k++) {
        along += product[k] * members.get(c).task().target()[k];
        square += product[k] * q[k];
      }
    }
    double least = members.stream().mapToDouble(one -> one.task().scales().least()).max().orElse(0);
    double most = members.stream().mapToDouble(one -> one.task().scales().most()).min().orElse(0);
    return along > 0 && square > 0 && least < most
        ? Math.clamp(along / square, least, most)
        : Double.NaN;
  }
}
