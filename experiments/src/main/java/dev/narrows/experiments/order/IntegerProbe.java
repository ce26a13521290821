package dev.narrows.experiments.order;

import dev.narrows.core.order.DotOperands;
import dev.narrows.core.order.TermSums;
import dev.narrows.experiments.order.OrderTally.DotPlace;
import dev.narrows.network.execute.TermsProbe;
import dev.narrows.network.layer.DotLayer;
import java.util.Arrays;
import java.util.List;

/** Sums the terms of a layer of integers by sign and lets registers be judged by that. */
final class IntegerProbe implements TermsProbe {
  private final int[][] weights; // by channel
  private final List<DotJudge> judges;

  IntegerProbe(DotLayer layer, List<DotJudge> judges) {
    int terms = layer.terms();
    int[] dense = layer.integers().weights().dense();
    this.weights = new int[layer.integers().channels()][];
    Arrays.setAll(weights, c -> Arrays.copyOfRange(dense, c * terms, (c + 1) * terms));
    this.judges = List.copyOf(judges);
  }

  /** What is known of the terms of each column; reused from channel to channel. */
  private record ColumnTerms(
      int[] counts, long[] sums, long[] magnitudes, long[] greatest, long[] bits) {
    static ColumnTerms of(int columns) {
      return new ColumnTerms(
          new int[columns],
          new long[columns],
          new long[columns],
          new long[columns],
          new long[columns]);
    }

    void take(int[] channel, Terms terms) {
      Arrays.fill(counts, 0);
      Arrays.fill(sums, 0);
      Arrays.fill(magnitudes, 0);
      Arrays.fill(greatest, 0);
      Arrays.fill(bits, 0);
      int[] x = terms.values();
      for (int k = 0; k < channel.length; k++) {
        long q = channel[k];
        if (q != 0) {
          int from = k * terms.stride();
          for (int j = 0; j < sums.length; j++) {
            long term = q * x[from + j];
            long magnitude = Math.abs(term);
            counts[j] += term == 0 ? 0 : 1;
            sums[j] += term;
            magnitudes[j] += magnitude;
            greatest[j] = Math.max(greatest[j], magnitude);
            bits[j] |= magnitude;
          }
        }
      }
    }

    TermSums column(int column) {
      return TermSums.ofIntegers(
          counts[column], sums[column], magnitudes[column], greatest[column], bits[column]);
    }
  }

  @Override
  public void look(int firstChannel, int channels, Terms terms) {
    ColumnTerms columns = ColumnTerms.of(terms.columns());
    for (int c = firstChannel; c < firstChannel + channels; c++) {
      int[] channel = weights[c];
      columns.take(channel, terms);
      for (int j = 0; j < terms.columns(); j++) {
        int column = j;
        DotPlace place = new DotPlace(terms.places().image(j), c, terms.places().position(j));
        TermSums sums = columns.column(j);
        for (DotJudge judge : judges) {
          judge.judge(place, sums, () -> operands(channel, terms, column));
        }
      }
    }
  }

  private static DotOperands operands(int[] channel, Terms terms, int column) {
    double[] inputs = new double[channel.length];
    for (int k = 0; k < inputs.length; k++) {
      inputs[k] = terms.values()[k * terms.stride() + column];
    }
    return new DotOperands(Arrays.stream(channel).asDoubleStream().toArray(), inputs);
  }
}
