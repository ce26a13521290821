package dev.narrows.repair.channel;

import dev.narrows.repair.channel.RepairedChannel.Means;
import dev.narrows.repair.channel.StepTable.First;
import java.util.Arrays;

/**
 * Makes the error of safe integers smaller one step at a time: a step raises or lowers one integer
 * by 1, or two at once, so that a unit of budget can move from one weight to another; between
 * passes the scale becomes the best one for the integers, s = qᵀCw* / qᵀCq, which costs no budget.
 * Ends where no step helps.
 *
 * <p>With g = C·q kept up to date, a step of d = ±1 at weight i changes the error by 2sd(s·g_i −
 * (C·w*)_i) + s²·C_ii, and two steps by the sum of both and 2s²·d·e·C_ij: a pass over all pairs
 * takes K² multiplications, the same as a pass of feedback.
 */
final class Descent {
  private static final int PASSES = 30;
  private static final int LONG_PASSES = 8;
  private static final int LONG = 1024;
  private static final int SHAKES = 2;
  private static final double[] SHAKEN = {0.9, 1.1};
  private static final int RETRIES = 6;
  private static final double LEAST_GAIN = 1e-7;

  private final ChannelTask task;
  private final InputMoments moments;
  private final boolean growth;
  private final double[] wanted;
  private final int terms;
  private final double[] slopes;
  private final double[] curvatures;
  private final StepTable table;

  // the state of a run
  private int[] weights = {};
  private double scale;
  private double[] sums = {};

  /**
   * Prepares for a channel.
   *
   * @param growth whether the scale may change
   */
  Descent(ChannelTask task, InputMoments moments, boolean growth) {
    this.task = task;
    this.moments = moments;
    this.growth = growth && !task.scales().isFixed();
    this.wanted = moments.times(task.target());
    this.terms = moments.terms();
    this.slopes = new double[terms];
    this.curvatures = new double[terms];
    this.table = new StepTable(terms);
  }

  /** From safe integers to safe integers of an error not above theirs. */
  RepairedChannel from(RepairedChannel start) {
    int[] safe = start.weights().clone();
    double safeScale = start.scale();
    load(safe, safeScale);
    long spare = 0;
    int retries = 0;
    for (int pass = 0; pass < (terms > LONG ? LONG_PASSES : PASSES); pass++) {
      long preload = task.preload().of(weights, scale);
      Budget budget = Budget.of(task, Math.max(0, -preload) + spare, Math.max(0, preload) + spare);
      for (int k = 0; k < terms; k++) {
        budget.take(k, weights[k]);
      }
      if (!budget.isOpen()) {
        break;
      }
      int steps = pass(budget, LEAST_GAIN * error());
      if (steps > 0 && !task.safe(weights, scale)) {
        // the bias moved by more than was spared
        if (++retries > RETRIES) {
          break;
        }
        spare = 4 * spare + 1;
        load(safe, safeScale);
        continue;
      }
      boolean moved = rescale();
      safe = weights.clone();
      safeScale = scale;
      if (steps == 0 && !moved) {
        break;
      }
    }
    RepairedChannel done = new ScaleTrial(task, moments, safeScale).done(safe, Means.SEARCH);
    return done.error() < start.error() ? done : start;
  }

  /** From what a search ended at, with another scale for the first steps, as long as it helps. */
  RepairedChannel shaken(RepairedChannel end) {
    RepairedChannel best = end;
    if (!growth || terms > LONG) {
      return best;
    }
    for (int round = 0; round < SHAKES; round++) {
      for (double factor : SHAKEN) {
        double other = best.scale() * factor;
        boolean allowed = task.scales().least() <= other && other <= task.scales().most();
        if (allowed && task.safe(best.weights(), other)) {
          RepairedChannel start =
              new ScaleTrial(task, moments, other).done(best.weights(), best.how());
          RepairedChannel found = from(start);
          if (found.error() < best.error()) {
            best = found;
          }
        }
      }
    }
    return best;
  }

  private void load(int[] start, double startScale) {
    weights = start.clone();
    scale = startScale;
    sums = moments.times(Arrays.stream(start).asDoubleStream().toArray());
  }

  /** Slopes 2s(s·g − C·w*), curvatures s²C_jj, and what they make of every step. */
  private void refresh(Budget budget) {
    double[] c = moments.covariance();
    for (int j = 0; j < terms; j++) {
      slopes[j] = 2 * scale * (scale * sums[j] - wanted[j]);
      curvatures[j] = scale * scale * c[j * terms + j];
      table.set(j, weights[j], slopes[j], curvatures[j], budget);
    }
  }

  private double error() {
    double error = 0;
    for (int k = 0; k < terms; k++) {
      error +=
          task.target()[k] * wanted[k] + scale * weights[k] * (scale * sums[k] - 2 * wanted[k]);
    }
    return Math.max(0, error);
  }

  /** The best scale for the integers, if it is allowed and safe; whether it is another. */
  private boolean rescale() {
    if (!growth) {
      return false;
    }
    double along = 0;
    double square = 0;
    for (int k = 0; k < terms; k++) {
      along += weights[k] * wanted[k];
      square += weights[k] * sums[k];
    }
    if (!(along > 0 && square > 0)) {
      return false;
    }
    double best = Math.clamp(along / square, task.scales().least(), task.scales().most());
    if (Math.abs(best - scale) <= 1e-9 * scale || !task.safe(weights, best)) {
      return false;
    }
    scale = best;
    return true;
  }

  /** Every weight once, with the best partner it has; the number of steps taken. */
  private int pass(Budget budget, double least) {
    double[] c = moments.covariance();
    refresh(budget);
    int steps = 0;
    for (int i = 0; i < terms; i++) {
      double best = -least;
      int step = 0;
      int partner = i;
      int partnerStep = 0;
      for (int d = -1; d <= 1; d += 2) {
        if (!budget.isCode(weights[i] + d)) {
          continue;
        }
        double mine = curvatures[i] + d * slopes[i];
        First first = StepTable.first(i, weights[i], d, budget);
        if (mine < best && budget.allows(i, weights[i], weights[i] + d, i, 0, 0)) {
          best = mine;
          step = d;
          partnerStep = 0;
        }
        double[] up = table.up(first);
        double[] down = table.down(first);
        double factor = 2 * scale * scale * d;
        int row = i * terms;
        double gap = best - mine;
        for (int j = 0; j < terms; j++) {
          double both = factor * c[row + j];
          double raise = up[j] + both;
          double lower = down[j] - both;
          if ((raise < gap || lower < gap) && j != i) {
            int e = raise < lower ? 1 : -1;
            if (budget.allows(i, weights[i], weights[i] + d, j, weights[j], weights[j] + e)) {
              gap = Math.min(raise, lower);
              best = mine + gap;
              step = d;
              partner = j;
              partnerStep = e;
            }
          }
        }
      }
      if (step != 0) {
        take(i, step, budget);
        if (partnerStep != 0) {
          take(partner, partnerStep, budget);
        }
        refresh(budget);
        steps++;
      }
    }
    return steps;
  }

  private void take(int term, int step, Budget budget) {
    budget.change(term, weights[term], weights[term] + step);
    weights[term] += step;
    double[] c = moments.covariance();
    int row = term * terms;
    for (int j = 0; j < terms; j++) {
      sums[j] += step * c[row + j];
    }
  }
}
