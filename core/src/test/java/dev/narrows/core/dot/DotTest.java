package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotTest {
  private static long[] terms(String text) {
    return text.isBlank()
        ? new long[0]
        : Arrays.stream(text.strip().split(" +")).mapToLong(Long::parseLong).toArray();
  }

  private static DotOutcome sum(String summation, String terms, long preload) {
    Summation parsed = Summation.parse(summation);
    return Dot.sum(parsed.accumulator(), parsed.order(), terms(terms), preload);
  }

  /**
   * The terms 5 −3 7 −6 2 −8 at P = 4, [−8, 7]; the exact sum is −3. Writes, exactly: sequential 5
   * 2 9 3 5 −3; reversed −8 −6 −12 −5 −8 −3; ascending (2 −3 5 −6 7 −8) 2 −1 4 −2 5 −3.
   */
  @ParameterizedTest
  @CsvSource({
    // summation, value, finalBits, pathBits
    "exact,                     -3, 3, 5", // 9 needs 5 bits
    "exact:reversed,            -3, 3, 5", // −12 needs 5
    "exact:ascending,           -3, 3, 4", // 5 needs 4
    "int4:wrap,                 -3, 3, 5",
    "int4:saturate,             -5, 3, 5", // 5 2 7* 1 3 −5
    "int4:saturate:reversed,     1, 3, 5", // −8 −6 −8* −1 −4 1
    "int4:saturate:ascending,   -3, 3, 4",
    "int4:resolved,             -3, 3, 5",
    // chunks (5 −3 7) = 9, (−6 2 −8) = −12 with writes 5 2 9, −6 −4 −12, then 9 −3
    "exact:chunk(3),            -3, 3, 5",
    "int4:saturate:chunk(3),    -1, 3, 5", // 7* and −8*, then 7 −1
    // chunks of 4: 5 2 9 3; 2 −6; then 3 −3
    "int4:saturate:chunk(4),    -5, 3, 5", // 5 2 7* 1; 2 −6; then 1 −5
    // chunks of 2: 2, 1, −6 with writes 5 2, 7 1, 2 −6; then 2 3 −3
    "int4:saturate:chunk(2),    -3, 3, 4",
    "int4:saturate:chunk(9),    -5, 3, 5", // longer than K: one chunk
    // round 1 pairs 7−8 5−6 2−3: −1 −1 −1, then −1 −2 −3
    "int4:saturate:sorted,      -3, 3, 3",
    "int4:saturate:sorted(1),   -3, 3, 3",
    // tiles (5 −3 7) and (−6 2 −8). Of the first: 7−3 = 4, 5 is left, then 4, 9*; of the second:
    // 2−8 = −6, −6 is left, then −6, −12*; then 9 −3
    "exact:tiles(3),            -3, 3, 5",
    "int4:saturate:tiles(3),    -1, 3, 5",
    "'int4:saturate:tiles(3,1)', -1, 3, 5",
    // from 0 (counts as positive): −3, 5 → 2, −6 → −4, 7 → 3, −8 → −5, 2 → −3
    "int4:saturate:sign-directed, -3, 3, 4",
  })
  void sum_sixTermsInEachOrder_givesTheHandWorkedRow(
      String summation, long value, int finalBits, int pathBits) {
    assertThat(sum(summation, "5 -3 7 -6 2 -8", 0))
        .isEqualTo(new DotOutcome(value, finalBits, pathBits));
  }

  @ParameterizedTest
  @CsvSource({
    // terms, preload, summation, value, finalBits, pathBits
    "'', 0, int8:saturate, 0, 1, 1", // K = 0
    "'', 200, int8:saturate, 127, 9, 9", // a bias that does not fit is clamped, and is a write
    "'', 200, int8:wrap, -56, 9, 9",
    "'9', 0, int4:saturate, 7, 5, 5", // K = 1
    "'9', 0, int4:wrap, -7, 5, 5",
    "'0 0 0', 0, int2:saturate:sorted, 0, 1, 1",
    "'100 -100', 0, int7:saturate, -37, 1, 8", // 63*, −37: the sum is 0, the first term too wide
    "'100 -100', 0, int7:saturate:sorted, 0, 1, 1", // the pair sum is the only write
    "'100 -100', 0, int7:saturate:ascending, -37, 1, 8",
    "'100 -100', 0, int7:saturate:sign-directed, 36, 1, 8", // −64*, 36
    "'100 -100', 0, int7:resolved, 0, 1, 8",
    "'6 6 -6', 0, int4:resolved(transient), 6, 4, 5", // transient: resolved
    "'6 6 -1', 0, int4:resolved(transient), 6, 5, 5", // persistent: clips in sequence, 7* 6
    "'6 6 -1', 0, int4:resolved, 7, 5, 5",
    "'4 -2', 6, int4:saturate, 5, 5, 5", // preload 6, 7*, 5: the sum 8 needs 5
    "'4 -2', 6, int5:saturate:chunk(1), 8, 5, 5",
    // preload is never sorted: the pair sum 2, then 6, 8
    "'4 -2', 6, int4:saturate:sorted, 7, 5, 5",
    "'4 -2', -6, int4:saturate:sign-directed, -4, 3, 4", // −6 is negative: +4, then −2
    "'4 -2', 6, int4:saturate:sign-directed, 7, 5, 5", // 6, −2 → 4, +4 → 7*
    // one round: pairs 9−9 and 8−1, 1 is left: 0 7 1, then 0 7 8
    "'9 8 1 -9 -1', 0, exact:sorted(1), 8, 5, 5",
    // all rounds: the same, as one sign remains after the first
    "'9 8 1 -9 -1', 0, exact:sorted, 8, 5, 5",
    // round 1: 1−9 = −8, then −7 is left; no positive remains
    "'1 -9 -7', 0, exact:sorted(1), -15, 5, 5",
    // a second round matters: 10−20 9−2 5−1 give −10 7 4, then 7−10 = −3 and 4 is left, then 1
    "'10 9 5 -20 -2 -1', 0, exact:sorted(1), 1, 2, 5", // −10 −3 1 in sequence
  })
  void sum_handWorkedTerms_giveTheRow(
      String terms, long preload, String summation, long value, int finalBits, int pathBits) {
    assertThat(sum(summation, terms, preload))
        .isEqualTo(new DotOutcome(value, finalBits, pathBits));
  }

  @Test
  void classes_tooWideATerm_isTransientInSequenceCleanInPairsAndToldApart() {
    long[] terms = {100, -100};
    assertThat(Dot.sum(new Exact(), new SummationOrder.Sequential(), terms).at(7))
        .isEqualTo(OverflowClass.TRANSIENT);
    assertThat(Dot.sum(new Exact(), SummationOrder.Sorted.all(), terms).at(7))
        .isEqualTo(OverflowClass.CLEAN);
    assertThat(Dot.termBits(terms)).as("term too wide for 7 bits").isEqualTo(8);
    assertThat(Dot.termBits(new long[0])).isEqualTo(1);
    assertThat(Dot.termBits(new long[] {-128})).isEqualTo(8);
  }

  @Test
  void outcome_everyWidth_fallsIntoOneClass() {
    DotOutcome outcome = new DotOutcome(0, 5, 9);
    assertThat(outcome.at(4)).isEqualTo(OverflowClass.PERSISTENT);
    assertThat(outcome.at(5)).isEqualTo(OverflowClass.TRANSIENT);
    assertThat(outcome.at(8)).isEqualTo(OverflowClass.TRANSIENT);
    assertThat(outcome.at(9)).isEqualTo(OverflowClass.CLEAN);
  }

  @Test
  void chunk_wideOuterRegister_countsOnlyWhatTheNarrowOneHolds() {
    // chunks (100 27) and (100 27): 127 each fits 8 bits, their sum 254 only the outer register
    DotOutcome outcome = sum("int8:saturate:chunk(2,int32)", "100 27 100 27", 0);
    assertThat(outcome).isEqualTo(new DotOutcome(254, 8, 8));
    assertThat(sum("int8:saturate:chunk(2)", "100 27 100 27", 0))
        .isEqualTo(new DotOutcome(127, 9, 9));
    // the chunk (100 100) clips inside and is persistent there; (100 −100) is transient below 8
    assertThat(sum("int8:saturate:chunk(2,int32)", "100 100 1 1", 0))
        .isEqualTo(new DotOutcome(129, 9, 9));
    assertThat(sum("int7:saturate:chunk(2,int32)", "100 -100", 0))
        .isEqualTo(new DotOutcome(-37, 1, 8));
  }

  @ParameterizedTest
  @CsvSource({
    // terms, preload, summation, value, finalBits, pathBits
    // chunks (100 −10) and (100 0): both sums fit 8 bits, so the outer register adds 90 and 100
    "'100 -10 100 0', 0, 'int8:resolved:chunk(2,int32)', 190, 8, 8",
    "'100 -10 100 0', 0, 'int8:resolved(transient):chunk(2,int32)', 190, 8, 8",
    "'100 -10 100 0', 7, 'int8:resolved:chunk(2,int32)', 197, 8, 8", // the outer one is preloaded
    // (6 6 −6) is transient at 4 bits and gives 6; (6 6 −1) is 11, clamped to 7; (−6 −6 −1) to −8
    "'6 6 -6 6 6 -1', 0, 'int4:resolved:chunk(3,int32)', 13, 5, 5",
    "'6 6 -6 -6 -6 -1', 0, 'int4:resolved:chunk(3,int32)', -2, 5, 5",
    // one chunk is persistent and clips in sequence, 7* 6; the other one is resolved all the same
    "'6 6 -6 6 6 -1', 0, 'int4:resolved(transient):chunk(3,int32)', 12, 5, 5",
    // an outer register that is too narrow clips in sequence: 6, 7*, then 7 − 8
    "'6 6 -6 6 6 -1 -6 -6 -1', 0, 'int4:resolved:chunk(3,int4)', -1, 5, 5",
    "'6 6 -6 6 6 -1 -6 -6 -1', 0, 'int4:resolved:chunk(3,int5)', 5, 5, 5",
    "'6 6 -6', 100, 'int4:resolved:chunk(3,int5)', 15, 4, 5", // 15*, then 15*
    "'6 6 -1', 0, 'int8:resolved:chunk(3,int4)', 7, 5, 5", // 11 fits inside, not outside
    // without an outer register there is one sum to resolve
    "'6 6 -6 6 6 -1', 0, 'int4:resolved:chunk(3)', 7, 6, 6",
  })
  void resolved_outerRegister_addsTheResolvedChunkSums(
      String terms, long preload, String summation, long value, int finalBits, int pathBits) {
    assertThat(sum(summation, terms, preload))
        .isEqualTo(new DotOutcome(value, finalBits, pathBits));
  }

  @Test
  void exact_sumBeyond64Bits_isRefused() {
    long most = (1L << 62) - 1;
    long[] terms = {most, most, most, most};
    assertThatThrownBy(() -> Dot.sum(new Exact(), new SummationOrder.Sequential(), terms))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void widestRegister_widestTerms_doNotWrapTheLong() {
    long most = (1L << 62) - 1;
    assertThat(
            Dot.sum(
                    Summation.parse("int62:saturate").accumulator(),
                    new SummationOrder.Sequential(),
                    new long[] {most, -most, -most})
                .value())
        .isEqualTo(-1L << 61);
    Accumulator wrap = Summation.parse("int62:wrap").accumulator();
    assertThat(Dot.sum(wrap, new SummationOrder.Sequential(), new long[] {most, 1, 1}).value())
        .isEqualTo(1);
  }
}
