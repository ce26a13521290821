package dev.narrows.experiments.analyze;

import dev.narrows.core.bound.PairedTerms;
import dev.narrows.network.execute.CountingProbe;
import dev.narrows.network.targets.PairInstruction;
import dev.narrows.report.PlatformResult.PairsSeen;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the pair sums of a layer that leave 16 bits. Only unsafe pairs are looked at; the others
 * cannot.
 */
final class PairCounter implements CountingProbe {
  private static final long serialVersionUID = 1L;

  private final int[][] weights;
  private final int[][] unsafe;
  private final PairInstruction platform;
  private final int operandOfCode;
  private final int pairs;
  private final LongAdder sums = new LongAdder();
  private final LongAdder overflowing = new LongAdder();
  private final LongAdder dots = new LongAdder();
  private final LongAdder hit = new LongAdder();

  /**
   * @param weights by channel, at most 8 bits signed
   * @param unsafe the first terms of each channel's unsafe pairs
   * @param operandOfCode what to add to a stored code to get the instruction's operand
   */
  PairCounter(int[][] weights, int[][] unsafe, PairInstruction platform, int operandOfCode) {
    this.weights = weights;
    this.unsafe = unsafe;
    this.platform = platform;
    this.operandOfCode = operandOfCode;
    this.pairs = (int) platform.pairing().pairs(weights[0].length).count();
  }

  @Override
  public void look(int firstChannel, int channels, Terms terms) {
    sums.add((long) channels * pairs * terms.columns());
    dots.add((long) channels * terms.columns());
    int[] beyond = new int[terms.columns()]; // not 0 where some pair sum of the column is
    for (int c = firstChannel; c < firstChannel + channels; c++) {
      if (unsafe[c].length == 0) {
        continue;
      }
      Arrays.fill(beyond, 0);
      long seen = 0;
      for (int k : unsafe[c]) {
        seen += pair(c, k, terms, beyond);
      }
      overflowing.add(seen);
      int columns = 0;
      for (int b : beyond) {
        columns += b & 1;
      }
      hit.add(columns);
    }
  }

  private int pair(int channel, int first, Terms terms, int[] beyond) {
    PairedTerms pairing = platform.pairing();
    int q = weights[channel][first];
    int other = pairing.partner(weights[channel], first);
    int operand = terms.storedOffset() + operandOfCode;
    int offset = (q + other) * operand + (1 << (pairing.bits() - 1));
    int[] x = terms.values();
    int from = first * terms.stride();
    int to = other == 0 ? from : (first + pairing.distance()) * terms.stride();
    int count = 0;
    for (int j = 0; j < beyond.length; j++) {
      // −1, 0 or 1: two products of 8 bits leave 16 bits by less than their range
      int out = (q * x[from + j] + other * x[to + j] + offset) >> pairing.bits();
      count += out & 1;
      beyond[j] |= out & 1;
    }
    return count;
  }

  @Override
  public PairCounter fresh() {
    return new PairCounter(weights, unsafe, platform, operandOfCode);
  }

  @Override
  public long[] counts() {
    return new long[] {sums.sum(), overflowing.sum(), dots.sum(), hit.sum()};
  }

  @Override
  public void add(long[] counts) {
    sums.add(counts[0]);
    overflowing.add(counts[1]);
    dots.add(counts[2]);
    hit.add(counts[3]);
  }

  PairsSeen seen() {
    return new PairsSeen(sums.sum(), overflowing.sum(), dots.sum(), hit.sum());
  }
}
