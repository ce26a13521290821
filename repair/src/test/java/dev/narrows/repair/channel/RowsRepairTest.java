package dev.narrows.repair.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.repair.channel.RepairedChannel.Means;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowsRepairTest {
  private static final long SEED = 5;

  /** Moments of inputs of which neighbours resemble each other. */
  private static InputMoments moments(Random random, int terms) {
    double[] moments = new double[terms * terms];
    double[] x = new double[terms];
    for (int sample = 0; sample < 3 * terms; sample++) {
      for (int k = 0; k < terms; k++) {
        x[k] = random.nextGaussian() * (1 + k % 5) + (k > 0 ? 0.7 * x[k - 1] : 0);
      }
      for (int i = 0; i < terms; i++) {
        for (int k = 0; k < terms; k++) {
          moments[i * terms + k] += x[i] * x[k];
        }
      }
    }
    return new InputMoments(new double[terms], moments, 3L * terms);
  }

  private static ChannelTask task(Random random, int terms, int most, int chunk) {
    double[] weights = new double[terms];
    double largest = 0;
    for (int k = 0; k < terms; k++) {
      weights[k] = random.nextGaussian();
      largest = Math.max(largest, Math.abs(weights[k]));
    }
    int[] parts = new int[terms];
    Arrays.setAll(parts, k -> k / chunk);
    return new ChannelTask(
        weights,
        weights,
        new ScaleChoice(largest / most, 1e-6, 1e6),
        new IntegerRange(-most, most),
        new IntegerRange(-127, 127),
        List.of(new SumLimit(new IntegerRange(-32768, 32767), parts, -1)),
        Preload.NONE);
  }

  @Test
  void roundAll_lanesSideBySide_areThoseOneByOne() {
    Random random = new Random(SEED);
    for (int terms : new int[] {1, 7, 64, 65, 150}) {
      InputMoments moments = moments(random, terms);
      FeedbackOrder order = FeedbackOrder.of(moments);
      int lanes = 5;
      double[][] wanted = new double[lanes][terms];
      Budget[] budgets = new Budget[lanes];
      ChannelTask[] tasks = new ChannelTask[lanes];
      for (int lane = 0; lane < lanes; lane++) {
        tasks[lane] = task(random, terms, lane % 2 == 0 ? 127 : 7, 16);
        for (int k = 0; k < terms; k++) {
          wanted[lane][k] = random.nextGaussian() * 20;
        }
        budgets[lane] = Budget.of(tasks[lane], 0, 0);
      }
      double[] errors = new double[lanes];
      int[][] found = order.roundAll(wanted, budgets, errors);
      for (int lane = 0; lane < lanes; lane++) {
        assertThat(found[lane]).isEqualTo(order.round(wanted[lane], Budget.of(tasks[lane], 0, 0)));
        double[] off = new double[terms];
        for (int k = 0; k < terms; k++) {
          off[k] = wanted[lane][k] - found[lane][k];
        }
        double error = moments.quadratic(off);
        assertThat(errors[lane]).isCloseTo(error, within(1e-6 * error + 1e-9));
      }
    }
  }

  @Test
  void fed_rowsUnderALimit_areSafeAndErrLessThanGrowth() {
    Random random = new Random(SEED);
    int terms = 96;
    InputMoments moments = moments(random, terms);
    List<ChannelTask> tasks = new ArrayList<>();
    for (int row = 0; row < 20; row++) {
      tasks.add(task(random, terms, 127, 32));
    }
    List<RepairedChannel> fed = RowsRepair.of(moments).fed(tasks);
    List<RepairedChannel> grown = RowsRepair.grown(tasks);
    double fedErrors = 0;
    double grownErrors = 0;
    for (int row = 0; row < tasks.size(); row++) {
      ChannelTask task = tasks.get(row);
      assertThat(task.safe(fed.get(row).weights(), fed.get(row).scale())).isTrue();
      assertThat(task.safe(grown.get(row).weights(), grown.get(row).scale())).isTrue();
      assertThat(grown.get(row).how()).isEqualTo(Means.GROWTH);
      assertThat(grown.get(row).scale()).isGreaterThan(task.scales().given());
      fedErrors += error(moments, task, fed.get(row));
      grownErrors += error(moments, task, grown.get(row));
      assertThat(fed.get(row).error())
          .isCloseTo(error(moments, task, fed.get(row)), within(1e-6 * fed.get(row).error()));
    }
    assertThat(fedErrors).isLessThan(0.7 * grownErrors);
  }

  @Test
  void fed_noLimitThatBinds_keepsTheGivenScaleOrClips() {
    Random random = new Random(SEED);
    InputMoments moments = moments(random, 40);
    ChannelTask wide = task(random, 40, 127, 1);
    RepairedChannel one = RowsRepair.of(moments).fed(List.of(wide)).getFirst();
    assertThat(one.scale()).isEqualTo((float) wide.scales().given());
    ChannelTask few = task(random, 40, 7, 1);
    RepairedChannel other = RowsRepair.of(moments).fed(List.of(few)).getFirst();
    assertThat(other.scale()).isLessThanOrEqualTo((float) few.scales().given());
  }

  private static double error(InputMoments moments, ChannelTask task, RepairedChannel channel) {
    double[] off = new double[moments.terms()];
    for (int k = 0; k < off.length; k++) {
      off[k] = channel.scale() * channel.weights()[k] - task.target()[k];
    }
    return moments.quadratic(off);
  }
}
