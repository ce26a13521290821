package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.SummationOrder.Sorted;
import dev.narrows.core.format.Widths;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Theorems A and B of docs/accumulators.md; (c) is in {@code CertificateTest}. */
class TheoremTest {
  private static final List<SummationOrder> ORDERS =
      List.of(
          new SummationOrder.Sequential(),
          new SummationOrder.Reversed(),
          new SummationOrder.Chunked(2),
          new SummationOrder.Chunked(3),
          new SummationOrder.Ascending(),
          Sorted.rounds(1),
          Sorted.rounds(2),
          Sorted.all(),
          new SummationOrder.SortedTiles(3, OptionalInt.of(1)),
          new SummationOrder.SortedTiles(4, OptionalInt.empty()),
          new SummationOrder.SignDirected());
  private static final List<SummationOrder> ORDERED_BY_SIGN =
      List.of(Sorted.all(), new SummationOrder.SignDirected());

  /** Every vector of {@code length} terms that each fit {@code bits} bits. */
  private static void everyTerms(int length, int bits, Consumer<long[]> action) {
    long[] terms = new long[length];
    Arrays.fill(terms, Widths.min(bits));
    while (true) {
      action.accept(terms);
      int k = 0;
      while (k < length && terms[k] == Widths.max(bits)) {
        terms[k++] = Widths.min(bits);
      }
      if (k == length) {
        return;
      }
      terms[k]++;
    }
  }

  private static void requireNoTransient(long[] terms, int bits, long preload) {
    long exact = preload + Arrays.stream(terms).sum();
    for (SummationOrder order : ORDERED_BY_SIGN) {
      DotOutcome outcome = Dot.sum(new Saturating(bits), order, terms, preload);
      if (outcome.at(bits) == OverflowClass.TRANSIENT
          || outcome.value() != Math.clamp(exact, Widths.min(bits), Widths.max(bits))) {
        throw new AssertionError(
            "%s of %s at P=%d, preload %d: %s"
                .formatted(order, Arrays.toString(terms), bits, preload, outcome));
      }
    }
  }

  @Test
  void theoremA_everyTermsThatFitSmallRegisters_areNeverTransientAndClampTheExactSum() {
    int[][] cases = {{2, 0}, {2, 3}, {2, 6}, {3, 1}, {3, 4}, {3, 5}, {4, 3}, {4, 4}};
    for (int[] bitsAndLength : cases) {
      int bits = bitsAndLength[0];
      everyTerms(bitsAndLength[1], bits, terms -> requireNoTransient(terms, bits, 0));
    }
  }

  @Test
  void theoremA_everyPreloadThatFits_holdsToo() {
    for (long preload = -4; preload <= 3; preload++) {
      long start = preload;
      everyTerms(4, 3, terms -> requireNoTransient(terms, 3, start));
    }
  }

  @Test
  void theoremA_randomLongDotProducts_areNeverTransient() {
    long seed = 51;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int trial = 0; trial < 3000; trial++) {
      int bits = random.nextInt(2, 24);
      long[] terms =
          random.longs(random.nextInt(200), Widths.min(bits), Widths.max(bits) + 1).toArray();
      if (random.nextBoolean() && terms.length > 0) {
        terms[0] = Widths.min(bits);
      }
      requireNoTransient(terms, bits, 0);
    }
  }

  /** "Small to large" gives no such promise. */
  @Test
  void theoremA_ascendingOrder_isOutsideIt() {
    DotOutcome outcome =
        Dot.sum(new Saturating(3), new SummationOrder.Ascending(), new long[] {2, 2, -3});
    assertThat(outcome.at(3)).isEqualTo(OverflowClass.TRANSIENT);
    assertThat(outcome.value()).isZero();
  }

  /** Why (a) asks for all rounds: one round may leave pair sums whose sequence overflows. */
  @Test
  void theoremA_oneRoundOnly_maySumToATransientOverflow() {
    int[] transients = {0};
    everyTerms(
        5,
        3,
        terms ->
            transients[0] +=
                Dot.sum(new Exact(), Sorted.rounds(1), terms).at(3) == OverflowClass.TRANSIENT
                    ? 1
                    : 0);
    assertThat(transients[0]).isGreaterThan(0);
  }

  /** And why each term must fit: beyond that an order may happen to be clean, or none may. */
  @Test
  void theoremA_termTooWide_isOutsideIt() {
    SummationOrder directed = new SummationOrder.SignDirected();
    DotOutcome met = Dot.sum(new Saturating(4), directed, new long[] {9, -3}); // −3, 6
    assertThat(met.at(4)).isEqualTo(OverflowClass.CLEAN);
    for (SummationOrder order : ORDERS) {
      DotOutcome unmet = Dot.sum(new Saturating(4), order, new long[] {20, -10, -10});
      assertThat(unmet.at(4)).as(order.toString()).isEqualTo(OverflowClass.TRANSIENT);
    }
  }

  @Test
  void theoremB_everyOrderUnderWrap_isTheExactSumModuloTwoToTheP() {
    for (int bits : new int[] {2, 3}) {
      everyTerms(4, 4, terms -> requireModular(terms, bits, 0));
    }
    long seed = 52;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int trial = 0; trial < 1000; trial++) {
      long[] terms = random.longs(random.nextInt(100), -(1L << 40), 1L << 40).toArray();
      requireModular(terms, random.nextInt(2, 63), random.nextLong(-(1L << 40), 1L << 40));
    }
  }

  private static void requireModular(long[] terms, int bits, long preload) {
    BigInteger sum = BigInteger.valueOf(preload);
    for (long term : terms) {
      sum = sum.add(BigInteger.valueOf(term));
    }
    BigInteger half = BigInteger.TWO.pow(bits - 1);
    long modular = sum.add(half).mod(half.shiftLeft(1)).subtract(half).longValueExact();
    for (SummationOrder order : ORDERS) {
      long value = Dot.sum(new Wrapping(bits), order, terms, preload).value();
      if (value != modular) {
        throw new AssertionError(
            "%s of %s at P=%d: %d, not %d"
                .formatted(order, Arrays.toString(terms), bits, value, modular));
      }
    }
  }

  @Test
  void classes_everyOrder_agreeOnTheFinalSumAndOnWhatCleanMeans() {
    everyTerms(
        5,
        3,
        terms -> {
          long exact = Arrays.stream(terms).sum();
          for (SummationOrder order : ORDERS) {
            DotOutcome outcome = Dot.sum(new Saturating(3), order, terms);
            if (outcome.finalBits() != Widths.of(exact)
                || outcome.pathBits() < outcome.finalBits()
                || outcome.at(3) == OverflowClass.CLEAN && outcome.value() != exact) {
              throw new AssertionError(order + " of " + Arrays.toString(terms) + ": " + outcome);
            }
          }
        });
  }

  @Test
  void resolved_everySmallDot_isTheClampOrClipsInSequenceWhenPersistent() {
    everyTerms(
        4,
        3,
        terms -> {
          SummationOrder sequential = new SummationOrder.Sequential();
          long clamp = Math.clamp(Arrays.stream(terms).sum(), -4, 3);
          DotOutcome outcome = Dot.sum(new Resolved(3, true), sequential, terms);
          long expected =
              outcome.at(3) == OverflowClass.PERSISTENT
                  ? Dot.sum(new Saturating(3), sequential, terms).value()
                  : clamp;
          if (outcome.value() != expected
              || Dot.sum(new Resolved(3, false), sequential, terms).value() != clamp) {
            throw new AssertionError(Arrays.toString(terms) + ": " + outcome);
          }
        });
  }
}
