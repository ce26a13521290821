package dev.narrows.repair.channel;

import dev.narrows.repair.channel.RepairedChannel.Means;
import java.util.ArrayList;
import java.util.List;

/**
 * Safe integers for many rows of a matrix that see the same inputs, where {@link ChannelRepair}
 * would take too long: few scales, and error feedback for many rows and scales side by side.
 * Nothing begins a register, and no bias is corrected.
 *
 * @see "docs/repair.md"
 */
public final class RowsRepair {
  /** Rows and scales side by side. */
  private static final int LANES = 256;

  /**
   * Scales that are tried where rounding needs a larger one than the given: relative to the least
   * at which it is safe.
   */
  private static final double[] GROWN = {1.05, 0.9};

  /** Where it needs none, for integers of at most {@value #FEW}: clipping a few may pay. */
  private static final double[] CLIPPED = {1, 0.88, 0.77};

  private static final int FEW = 7;

  /** Halvings where the scale found is that of the answer, and where others beside it are tried. */
  private static final int SHARP = 32;

  private static final int COARSE = 10;

  /** Of nothing: growth alone asks for no moments. */
  private static final InputMoments NOTHING = new InputMoments(new double[0], new double[0], 0);

  private final FeedbackOrder order;

  private RowsRepair(FeedbackOrder order) {
    this.order = order;
  }

  /**
   * Prepares for the rows of matrices that share inputs; see {@link ChannelRepair#of}.
   *
   * @throws IllegalArgumentException if the moments are not those of real inputs
   */
  public static RowsRepair of(InputMoments moments) {
    ChannelRepair.check(moments);
    return new RowsRepair(FeedbackOrder.of(moments));
  }

  /** What is tried for a row. */
  private record Lane(int row, double scale) {}

  /**
   * Repairs rows by growth of their scales alone.
   *
   * @param tasks without preloads
   * @return with errors that are NaN: no moments are known
   */
  public static List<RepairedChannel> grown(List<ChannelTask> tasks) {
    List<RepairedChannel> found = new ArrayList<>();
    for (ChannelTask task : tasks) {
      double scale = top(task, SHARP);
      int[] nearest = new ScaleTrial(task, NOTHING, scale).nearestWeights();
      boolean safe = task.safe(nearest, scale);
      found.add(
          new RepairedChannel(
              safe ? nearest : new int[nearest.length],
              scale,
              Double.NaN,
              safe ? Means.GROWTH : Means.ZERO));
    }
    return found;
  }

  private static double top(ChannelTask task, int halvings) {
    return Growth.scale(task, NOTHING, halvings).orElse(task.scales().given());
  }

  /**
   * Repairs rows by error feedback, at the best of a few scales for each.
   *
   * @param tasks without preloads
   */
  public List<RepairedChannel> fed(List<ChannelTask> tasks) {
    RepairedChannel[] best = new RepairedChannel[tasks.size()];
    List<Lane> lanes = new ArrayList<>();
    for (int row = 0; row < best.length; row++) {
      ChannelTask task = tasks.get(row);
      double top = top(task, COARSE);
      for (double factor : factors(task, top)) {
        double scale = Math.clamp(top * factor, task.scales().least(), task.scales().most());
        lanes.add(new Lane(row, (float) scale));
      }
    }
    for (int first = 0; first < lanes.size(); first += LANES) {
      feed(tasks, lanes.subList(first, Math.min(lanes.size(), first + LANES)), best);
    }
    return List.of(best);
  }

  private static double[] factors(ChannelTask task, double top) {
    if (top > task.scales().given()) {
      return GROWN;
    }
    return task.codes().max() <= FEW ? CLIPPED : new double[] {1};
  }

  private void feed(List<ChannelTask> tasks, List<Lane> lanes, RepairedChannel[] best) {
    double[][] wanted = new double[lanes.size()][];
    Budget[] budgets = new Budget[wanted.length];
    for (int i = 0; i < wanted.length; i++) {
      ChannelTask task = tasks.get(lanes.get(i).row());
      wanted[i] = task.target().clone();
      for (int k = 0; k < wanted[i].length; k++) {
        wanted[i][k] /= lanes.get(i).scale();
      }
      budgets[i] = Budget.of(task, 0, 0);
    }
    double[] errors = new double[wanted.length];
    int[][] found = order.roundAll(wanted, budgets, errors);
    for (int i = 0; i < wanted.length; i++) {
      int row = lanes.get(i).row();
      double scale = lanes.get(i).scale();
      double error = errors[i] * scale * scale;
      if (best[row] == null || error < best[row].error()) {
        best[row] = new RepairedChannel(found[i], scale, error, Means.FEEDBACK);
      }
    }
  }
}
