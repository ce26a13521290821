package dev.narrows.experiments.analyze;

import dev.narrows.network.execute.CountingProbe;
import java.util.Arrays;
import java.util.List;

/** The counters of one layer, an instruction each. */
final class PairCounters implements CountingProbe {
  private static final long serialVersionUID = 1L;

  private final PairCounter[] all;

  PairCounters(List<PairCounter> all) {
    this.all = all.toArray(PairCounter[]::new);
  }

  @Override
  public void look(int firstChannel, int channels, Terms terms) {
    for (PairCounter one : all) {
      one.look(firstChannel, channels, terms);
    }
  }

  @Override
  public PairCounters fresh() {
    return new PairCounters(Arrays.stream(all).map(PairCounter::fresh).toList());
  }

  @Override
  public long[] counts() {
    return Arrays.stream(all).flatMapToLong(one -> Arrays.stream(one.counts())).toArray();
  }

  @Override
  public void add(long[] counts) {
    int each = counts.length / all.length;
    for (int i = 0; i < all.length; i++) {
      all[i].add(Arrays.copyOfRange(counts, i * each, (i + 1) * each));
    }
  }
}
