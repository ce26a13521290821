package dev.narrows.repair.network;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.repair.calibrate.SampledTerms;
import dev.narrows.repair.calibrate.SharedWork;
import dev.narrows.repair.network.LayerRepair.ChannelDone;
import dev.narrows.repair.network.LayerRepair.GroupTask;
import dev.narrows.repair.network.LayerRepair.SampledGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How many codes a layer's inputs should have: fewer codes err more themselves, but leave the
 * weights more of the register. The layer is repaired on a part of the columns and channels for
 * each number of codes, and the one whose sums come nearest the original's is taken.
 */
final class NarrowingChoice {
  private static final int CHANNELS = 8;
  private static final int COLUMNS = 2000;

  /** Half bits between the numbers of codes that are tried first. */
  private static final int COARSE = 4;

  private NarrowingChoice() {}

  /** The best narrowing; empty where all codes are best, or the inputs have no more than two. */
  static Optional<InputNarrowing> of(
      LayerRepair work, SampledTerms original, SampledTerms repaired, int threads) {
    long[] histogram = histogram(repaired.values());
    int least = Arrays.stream(repaired.values()).min().orElse(0);
    IntegerRange inputs = codes(work);
    List<IntegerRange> candidates = candidates(work, inputs);
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    if (work.request().activations().bits().isPresent()) {
      return Optional.of(InputNarrowing.best(histogram, least, candidates.getFirst()));
    }
    int wanted = Math.max(COLUMNS, 2 * original.terms());
    int thin = Math.max(1, original.columns() / wanted);
    SampledTerms before = original.every(thin);
    SampledTerms after = repaired.every(thin);
    int[] group = work.groupOf(0);
    int apart = Math.ceilDiv(group.length, CHANNELS);
    int[] channels =
        IntStream.range(0, group.length).filter(i -> i % apart == 0).map(i -> group[i]).toArray();
    List<Optional<InputNarrowing>> ways = new ArrayList<>();
    ways.add(Optional.empty());
    candidates.forEach(
        codes -> ways.add(Optional.of(InputNarrowing.best(histogram, least, codes))));
    Map<Integer, Double> errors = new TreeMap<>();
    int best = 0;
    for (int stride = COARSE; stride >= 1; stride /= 2) { // errors fall, then rise
      int from = best;
      int wide = stride;
      int[] tried =
          IntStream.range(0, ways.size())
              .filter(i -> !errors.containsKey(i))
              .filter(i -> wide == COARSE ? i % wide == 0 : Math.abs(i - from) == wide)
              .toArray();
      List<Double> found =
          SharedWork.all(
              threads, tried.length, i -> error(work, before, after, channels, ways.get(tried[i])));
      for (int i = 0; i < tried.length; i++) {
        errors.put(tried[i], found.get(i));
      }
      best =
          errors.entrySet().stream()
              .min(Map.Entry.<Integer, Double>comparingByValue().thenComparing(Map.Entry::getKey))
              .map(Map.Entry::getKey)
              .orElse(0);
    }
    return ways.get(best);
  }

  /** What the register sees of the codes as they are, without a zero point. */
  private static IntegerRange codes(LayerRepair work) {
    return work.inputs().min() >= 0 && work.zero() == 0
        ? work.inputs()
        : work.register().zero() == ZeroPointConvention.OFFSET
            ? work.inputs()
            : work.inputs().minus(work.zero());
  }

  /** Numbers of codes by half bits, from the widest. */
  private static List<IntegerRange> candidates(LayerRepair work, IntegerRange inputs) {
    boolean signed = inputs.min() < 0;
    long most = Math.max(inputs.max(), -inputs.min());
    if (work.request().activations().bits().isPresent()) {
      int bits = work.request().activations().bits().getAsInt();
      IntegerRange codes =
          signed
              ? new IntegerRange(-(1L << (bits - 1)), (1L << (bits - 1)) - 1)
              : new IntegerRange(0, (1L << bits) - 1);
      return codes.max() < most ? List.of(codes) : List.of();
    }
    List<IntegerRange> all = new ArrayList<>();
    for (int half = 15; half >= 3; half--) {
      long codes = Math.round(Math.pow(2, half / 2.0)) - 1;
      if (signed ? codes < most : codes < most && codes >= 2) {
        all.add(signed ? new IntegerRange(-codes, codes) : new IntegerRange(0, codes));
      }
    }
    return all;
  }

  private static long[] histogram(int[] values) {
    int least = Arrays.stream(values).min().orElse(0);
    int most = Arrays.stream(values).max().orElse(0);
    long[] histogram = new long[most - least + 1];
    for (int value : values) {
      histogram[value - least]++;
    }
    return histogram;
  }

  /** Σ over channels of the variance of what sums change by, over that of the sums. */
  private static double error(
      LayerRepair work,
      SampledTerms before,
      SampledTerms after,
      int[] channels,
      Optional<InputNarrowing> way) {
    SampledTerms rounded = way.map(one -> one.of(after)).orElse(after);
    double step = way.map(InputNarrowing::step).orElse(1.0);
    LayerRepair quick = work.quick();
    GroupTask group = quick.prepare(new SampledGroup(before, rounded, step), channels, way, 1);
    List<ChannelDone> done = quick.solve(List.of(group), 1);
    double total = 0;
    for (int i = 0; i < channels.length; i++) {
      double[] given = work.given(channels[i]);
      double[] weights = new double[given.length];
      int[] q = done.get(i).channel().weights();
      double scale = done.get(i).channel().scale();
      Arrays.setAll(weights, k -> scale * q[k]);
      double[] wanted = LayerRepair.sums(before, given, 1);
      double[] made = LayerRepair.sums(rounded, weights, step);
      double spread = LayerRepair.spread(wanted);
      for (int j = 0; j < made.length; j++) {
        made[j] -= wanted[j];
      }
      total += spread == 0 ? 0 : LayerRepair.spread(made) / spread;
    }
    return total;
  }
}
