package dev.narrows.hardware.lanes;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.lane.LaneLevel;
import dev.narrows.core.lane.LaneReduction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Every term has a range of its own: weights are known, or the number of terms is, so that lanes
 * may run short. Reaches are those of the channel and lane that go furthest.
 *
 * @see "docs/lanes.md, equations (4) and (5)"
 */
final class TermReaches implements LaneReaches {
  private final IntegerRange a;
  private final IntegerRange b;
  private final long offset;
  private final Optional<int[][]> weights;
  private final int terms;
  private final InputLimits limits;

  TermReaches(LaneQuestion question) {
    this.a = question.a().values();
    this.b = question.b().values();
    this.offset = question.b().offset();
    this.weights = question.weights();
    this.terms = question.termCount();
    this.limits = question.limits();
  }

  /**
   * How far the lanes of one level go one way; what is down is negated.
   *
   * @param ends what each lane hands over
   * @param writes the furthest of what each lane holds, its start included
   */
  private record LaneSums(long[] ends, long[] writes) {}

  private int channels() {
    return weights.map(all -> all.length).orElse(1);
  }

  /** The greatest (or, negated, the least) value of every term of a channel. */
  private long[] furthest(int channel, boolean upwards) {
    long[] values = new long[terms];
    IntegerRange any = LaneReaches.products(a, b);
    for (int k = 0; k < terms; k++) {
      IntegerRange term = any;
      if (weights.isPresent()) {
        long q = weights.get()[channel][k] + offset;
        term = LaneReaches.products(a, new IntegerRange(q, q));
      }
      values[k] = upwards ? term.max() : -term.min();
    }
    return values;
  }

  private List<LaneSums> sums(LaneReduction reduction, int channel, boolean upwards) {
    long[] values = furthest(channel, upwards);
    return limits.any()
        ? limited(reduction, values, upwards)
        : unlimited(reduction, values, upwards);
  }

  private static long start(LaneLevel level, boolean upwards) {
    return upwards ? level.start().max() : -level.start().min();
  }

  private static List<LaneSums> unlimited(LaneReduction reduction, long[] values, boolean upwards) {
    List<LaneSums> levels = new ArrayList<>();
    long[] items = values;
    for (LaneLevel level : reduction.levels()) {
      long[] ends = new long[level.sums(items.length)];
      Arrays.fill(ends, start(level, upwards));
      long[] writes = ends.clone();
      for (int i = 0; i < items.length; i++) {
        int lane = Math.toIntExact(level.lane(i));
        ends[lane] = Math.addExact(ends[lane], items[i]);
        writes[lane] = Math.max(writes[lane], ends[lane]);
      }
      levels.add(new LaneSums(ends, writes));
      items = ends;
    }
    return levels;
  }

  /** Starts contain 0 and so do terms, so what a lane holds is furthest at its end. */
  private List<LaneSums> limited(LaneReduction reduction, long[] values, boolean upwards) {
    List<LaneSums> levels = new ArrayList<>();
    int[] lanes = IntStream.range(0, terms).toArray(); // of each term
    long[] started = new long[terms]; // what the lanes that feed a lane began with
    for (LaneLevel level : reduction.levels()) {
      long[] ends = new long[level.sums(started.length)];
      Arrays.fill(ends, start(level, upwards));
      for (int i = 0; i < started.length; i++) {
        ends[Math.toIntExact(level.lane(i))] += started[i];
      }
      started = ends.clone();
      Arrays.setAll(lanes, k -> Math.toIntExact(level.lane(lanes[k])));
      int[][] members = members(lanes, ends.length);
      for (int lane = 0; lane < ends.length; lane++) {
        long[] own = Arrays.stream(members[lane]).mapToLong(k -> values[k]).toArray();
        for (int active : limits.greatest(members[lane], own)) {
          ends[lane] = Math.addExact(ends[lane], own[active]);
        }
      }
      levels.add(new LaneSums(ends, ends));
    }
    return levels;
  }

  /** The terms of every lane, ascending. */
  static int[][] members(int[] lanes, int count) {
    int[] sizes = new int[count];
    for (int lane : lanes) {
      sizes[lane]++;
    }
    int[][] members = new int[count][];
    Arrays.setAll(members, lane -> new int[sizes[lane]]);
    for (int k = lanes.length - 1; k >= 0; k--) {
      members[lanes[k]][--sizes[lanes[k]]] = k;
    }
    return members;
  }

  @Override
  public List<RegisterReach> at(LaneReduction reduction) {
    int levels = reduction.levels().size();
    long[] lo = new long[levels];
    long[] hi = new long[levels];
    Arrays.fill(lo, Long.MAX_VALUE);
    Arrays.fill(hi, Long.MIN_VALUE);
    for (int channel = 0; channel < channels(); channel++) {
      List<LaneSums> up = sums(reduction, channel, true);
      List<LaneSums> down = sums(reduction, channel, false);
      for (int i = 0; i < levels; i++) {
        hi[i] = Math.max(hi[i], Arrays.stream(counted(reduction, i, up)).max().orElse(0));
        lo[i] = Math.min(lo[i], -Arrays.stream(counted(reduction, i, down)).max().orElse(0));
      }
    }
    int[] most = products(reduction);
    List<RegisterReach> all = new ArrayList<>();
    for (int i = 0; i < levels; i++) {
      boolean holds = LaneReaches.holds(reduction, i, lo[i], hi[i], true);
      all.add(new RegisterReach(i, most[i], lo[i], hi[i], holds));
    }
    return all;
  }

  private static long[] counted(LaneReduction reduction, int level, List<LaneSums> sums) {
    return reduction.levels().get(level).register().saturating()
        ? sums.get(level).writes()
        : sums.get(level).ends();
  }

  /** The most products of a lane, level by level: those of the first. */
  private int[] products(LaneReduction reduction) {
    long[] lanes = IntStream.range(0, terms).asLongStream().toArray();
    int[] most = new int[reduction.levels().size()];
    for (int i = 0; i < most.length; i++) {
      LaneLevel level = reduction.levels().get(i);
      Arrays.setAll(lanes, k -> level.lane(lanes[k]));
      most[i] = (int) Arrays.stream(lanes).filter(lane -> lane == 0).count();
    }
    return most;
  }

  @Override
  public boolean safe(LaneReduction reduction) {
    return IntStream.range(0, channels())
        .allMatch(channel -> failure(reduction, channel).isEmpty());
  }

  @Override
  public Optional<LaneFailure> failure(LaneReduction reduction) {
    Optional<LaneFailure> first = Optional.empty();
    for (int channel = 0; channel < channels(); channel++) {
      Optional<LaneFailure> own = failure(reduction, channel);
      if (own.isPresent() && (first.isEmpty() || own.get().level() < first.get().level())) {
        first = own;
      }
    }
    return first;
  }

  private Optional<LaneFailure> failure(LaneReduction reduction, int channel) {
    List<LaneSums> up = sums(reduction, channel, true);
    List<LaneSums> down = sums(reduction, channel, false);
    for (int level = 0; level < reduction.levels().size(); level++) {
      long[] most = counted(reduction, level, up);
      long[] least = counted(reduction, level, down);
      for (int lane = 0; lane < most.length; lane++) {
        if (!LaneReaches.holds(reduction, level, -least[lane], most[lane], true)) {
          boolean upwards = most[lane] > reduction.levels().get(level).register().max();
          return Optional.of(new LaneFailure(level, channel, lane, upwards));
        }
      }
    }
    return Optional.empty();
  }
}
