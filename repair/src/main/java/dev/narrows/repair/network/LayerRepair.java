package dev.narrows.repair.network;

import dev.narrows.core.bound.TapPhases;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.ConstantForm;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.repair.calibrate.CovarianceRank;
import dev.narrows.repair.calibrate.SampledTerms;
import dev.narrows.repair.calibrate.SharedWork;
import dev.narrows.repair.calibrate.TargetWeights;
import dev.narrows.repair.calibrate.TermMoments;
import dev.narrows.repair.channel.ChannelRepair;
import dev.narrows.repair.channel.ChannelTask;
import dev.narrows.repair.channel.Preload;
import dev.narrows.repair.channel.RepairedChannel;
import dev.narrows.repair.channel.ScaleChoice;
import dev.narrows.repair.channel.SharedScaleRepair;
import dev.narrows.repair.channel.SharedScaleRepair.GroupChannel;
import dev.narrows.repair.channel.SumLimit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The channels of one layer under a register: tasks for the solver, and what becomes of bias and
 * scales.
 *
 * <p>Real units are those of the layer's own input codes: w = s_w·q, x = code − zero point.
 *
 * @param register with every convention decided
 * @param inputs [a, b] of the codes as they are, under the register's convention
 * @param zero the input's zero point
 * @param phases which terms meet inputs together
 * @param form how the file holds its constants; empty: as is best
 * @param pairOperands what an instruction for pairs multiplies, where one is asked for
 * @param request what is asked
 */
record LayerRepair(
    DotLayer layer,
    LayerRegister register,
    IntegerRange inputs,
    int zero,
    TapPhases phases,
    Optional<ConstantForm> form,
    Optional<IntegerRange> pairOperands,
    RepairRequest request) {
  /** λ of the target weights, over the mean variance. */
  private static final double TARGET_DAMPING = 0.01;

  /** Dot products for each term, below which a user is warned. */
  static final int FEW = 3;

  private static final IntegerRange INTS = new IntegerRange(Integer.MIN_VALUE, Integer.MAX_VALUE);

  /** Columns on which what is said of the result is computed. */
  private static final int SHOWN = 2000;

  /** Weights narrower than this have few levels, and may be worth clipping. */
  private static final int FEW_BITS = 5;

  /** What a group of channels is repaired on. */
  record SampledGroup(SampledTerms original, SampledTerms repaired, double step) {}

  /**
   * A channel and the correction of its bias.
   *
   * @param task it was made for
   * @param scale as the file holds it
   * @param bias in its units
   * @param variance of the original's sums
   * @param error variance of what the sums change by, narrower inputs included
   * @param rank of its inputs' covariance, where dot products are few
   */
  record ChannelDone(
      ChannelTask task,
      RepairedChannel channel,
      double scale,
      int bias,
      double variance,
      double error,
      OptionalInt rank) {}

  /** The same without the costliest lever, to choose between inputs. */
  LayerRepair quick() {
    RepairRequest cheap = request.with(request.levers().withoutSearch(), request.target());
    return new LayerRepair(layer, register, inputs, zero, phases, form, pairOperands, cheap);
  }

  IntegerOperands operands() {
    return layer.integers();
  }

  /** Whether all channels share a scale. */
  boolean together() {
    return form.map(one -> one.scales() == ConstantForm.HeldScales.ONE)
        .orElse(
            !request.perChannel()
                && operands().requantization().channels() == 1
                && operands().channels() > 1);
  }

  private int groupChannels() {
    return operands().channels() / layer.groups();
  }

  /** The real weights of a channel. */
  double[] given(int channel) {
    int terms = layer.terms();
    int[] dense = operands().weights().dense();
    double scale = operands().weights().scales()[channel];
    double[] given = new double[terms];
    Arrays.setAll(given, k -> scale * dense[channel * terms + k]);
    return given;
  }

  /**
   * A group of channels that is ready to be solved.
   *
   * @param channels of the layer
   * @param before some columns of the original's terms, for what is said of the result
   * @param after the same of the repaired network's
   * @param rank of its inputs' covariance, where dot products are few
   */
  record GroupTask(
      int[] channels,
      double step,
      TermMoments moments,
      ChannelRepair solver,
      List<ChannelTask> tasks,
      SampledTerms before,
      SampledTerms after,
      OptionalInt rank) {}

  /**
   * Looks at what some channels of a group multiply.
   *
   * @param channels of the layer, all of the group
   * @param narrowing of the inputs, if they are
   */
  GroupTask prepare(
      SampledGroup sampled, int[] channels, Optional<InputNarrowing> narrowing, int threads) {
    TermMoments moments =
        TermMoments.of(sampled.original(), sampled.repaired(), sampled.step(), threads);
    boolean changed = sampled.original() != sampled.repaired() || sampled.step() != 1;
    Optional<TargetWeights> fitted =
        request.target() && changed
            ? Optional.of(new TargetWeights(moments, TARGET_DAMPING))
            : Optional.empty();
    List<ChannelTask> tasks =
        SharedWork.all(
            threads,
            channels.length,
            i -> task(channels[i], moments, fitted, sampled.step(), narrowing));
    OptionalInt rank =
        sampled.repaired().columns() < FEW * layer.terms()
            ? OptionalInt.of(CovarianceRank.of(moments.inputs().covariance(), layer.terms()))
            : OptionalInt.empty();
    int thin = Math.max(1, sampled.original().columns() / SHOWN);
    return new GroupTask(
        channels,
        sampled.step(),
        moments,
        ChannelRepair.of(moments.inputs()),
        tasks,
        sampled.original().every(thin),
        sampled.repaired().every(thin),
        rank);
  }

  /**
   * Repairs groups: all of the layer's, where one scale is shared. One for each channel, in order.
   */
  List<ChannelDone> solve(List<GroupTask> groups, int threads) {
    List<GroupChannel> members =
        groups.stream()
            .flatMap(
                group -> group.tasks().stream().map(task -> new GroupChannel(group.solver(), task)))
            .toList();
    List<RepairedChannel> repaired =
        together()
            ? SharedScaleRepair.of(members, request.levers())
            : SharedWork.all(
                threads,
                members.size(),
                i -> members.get(i).solver().repair(members.get(i).task(), request.levers()));
    List<ChannelDone> done = new ArrayList<>();
    for (GroupTask group : groups) {
      for (int i = 0; i < group.channels().length; i++) {
        done.add(done(group, i, repaired.get(done.size())));
      }
    }
    return done;
  }

  private ChannelDone done(GroupTask group, int index, RepairedChannel channel) {
    ChannelTask task = group.tasks().get(index);
    double scale = held(channel.scale());
    int number = group.channels()[index];
    int bias = bias(number, task.given(), group.moments(), group.step(), channel.weights(), scale);
    double[] weights = Arrays.stream(channel.weights()).mapToDouble(q -> scale * q).toArray();
    double[] wanted = sums(group.before(), task.given(), 1);
    double[] made = sums(group.after(), weights, group.step());
    for (int j = 0; j < made.length; j++) {
      made[j] -= wanted[j];
    }
    return new ChannelDone(task, channel, scale, bias, spread(wanted), spread(made), group.rank());
  }

  /** The variance of some sums. */
  static double spread(double[] sums) {
    double mean = Arrays.stream(sums).sum() / sums.length;
    double total = 0;
    for (double sum : sums) {
      total += (sum - mean) * (sum - mean);
    }
    return total / sums.length;
  }

  /** Σ step·w·x of every column. */
  static double[] sums(SampledTerms terms, double[] weights, double step) {
    double[] sums = new double[terms.columns()];
    for (int k = 0; k < weights.length; k++) {
      double w = weights[k] * step;
      if (w != 0) {
        int from = k * terms.columns();
        for (int j = 0; j < sums.length; j++) {
          sums[j] += w * terms.values()[from + j];
        }
      }
    }
    return sums;
  }

  private ChannelTask task(
      int channel,
      TermMoments moments,
      Optional<TargetWeights> fitted,
      double step,
      Optional<InputNarrowing> narrowing) {
    double[] given = given(channel);
    double[] target = fitted.map(one -> one.of(given)).orElse(given);
    double old = operands().weights().scales()[channel];
    IntegerRange codes = codes();
    boolean few = operands().weights().bits() < FEW_BITS;
    double most = old * ScaledRequantization.mostRatio(operands().requantization()) / step;
    ScaleChoice scales =
        form.map(one -> one.scales() == ConstantForm.HeldScales.FIXED).orElse(false)
            ? ScaleChoice.fixed(old)
            : new ScaleChoice(old, few ? old / 4 : old, Math.max(old, most));
    return new ChannelTask(
        given,
        target,
        scales,
        codes,
        multiplied(narrowing),
        limits(),
        preload(channel, given, moments, step, narrowing));
  }

  private List<SumLimit> limits() {
    return request
        .pairs()
        .map(pairs -> LayerLimits.of(pairs.pairing(), layer.terms()))
        .orElseGet(() -> LayerLimits.of(register, request.guarantee(), layer.terms(), phases));
  }

  /** [a, b] of what the register multiplies. */
  private IntegerRange multiplied(Optional<InputNarrowing> narrowing) {
    return narrowing.map(InputNarrowing::codes).orElseGet(() -> pairOperands.orElse(inputs));
  }

  private Preload preload(
      int channel,
      double[] given,
      TermMoments moments,
      double step,
      Optional<InputNarrowing> narrowing) {
    if (request.pairs().isPresent() || register.bias() != BiasPlacement.PRELOAD) {
      return Preload.NONE;
    }
    long point = narrowing.isPresent() || register.zero() == ZeroPointConvention.OFFSET ? 0 : zero;
    return (weights, scale) -> {
      long sum = 0;
      for (int q : weights) {
        sum += q;
      }
      return bias(channel, given, moments, step, weights, held(scale)) - point * sum;
    };
  }

  /** The corrected bias in the new units, inside what the file holds. */
  private int bias(
      int channel, double[] given, TermMoments moments, double step, int[] weights, double scale) {
    double old = operands().weights().scales()[channel];
    double real = operands().bias()[channel] * old;
    if (request.levers().correctBias()) {
      double[] mean = moments.mean();
      double[] repaired = moments.inputs().mean();
      double before = 0;
      double after = 0;
      for (int k = 0; k < given.length; k++) {
        before += given[k] * mean[k];
        after += weights[k] * repaired[k];
      }
      real += before - scale * after;
    }
    IntegerRange range = form.map(ConstantForm::bias).orElse(INTS);
    double wanted = Math.rint(real / (scale * step));
    return (int) Math.clamp(wanted, (double) range.min(), (double) range.max());
  }

  /** The scale that the file holds for a wanted one. */
  private double held(double scale) {
    return form.isPresent() ? ConstantForm.nearest(scale) : scale;
  }

  /** What a weight may be: the narrow symmetric range, or what the file's weights are. */
  private IntegerRange codes() {
    if (form.isPresent()) {
      return form.get().weights();
    }
    int bits = operands().weights().bits();
    int[] dense = operands().weights().dense();
    int low = Math.min(0, Arrays.stream(dense).min().orElse(0));
    int high = Math.max(0, Arrays.stream(dense).max().orElse(0));
    if (bits < 2 || bits == 9) { // codes minus a zero point: which one is not known here
      return new IntegerRange(low, high);
    }
    long most = IntegerFormat.signed(bits).max();
    return new IntegerRange(Math.min(low, -most), Math.max(high, most));
  }

  int[] groupOf(int group) {
    int channels = groupChannels();
    return IntStream.range(group * channels, (group + 1) * channels).toArray();
  }
}
