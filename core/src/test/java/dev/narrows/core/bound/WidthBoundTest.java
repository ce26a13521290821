package dev.narrows.core.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WidthBoundTest {
  private static final IntegerFormat U4 = IntegerFormat.unsigned(4);

  @ParameterizedTest
  @CsvSource({
    // K, A, signed, W, bits: N = K·2^(A + W − 1 − 1_s), P = 1 + bitLength(N)
    "0, 8, false, 8, 1",
    "1, 8, false, 8, 17", // N = 2^15
    "1, 8, true, 8, 16", // N = 2^14
    "576, 4, false, 4, 18", // N = 73728 = 2^16 + …
    "4608, 4, false, 4, 21",
    "4608, 8, false, 8, 29",
    "784, 8, false, 8, 26",
    "9223372036854775807, 32, false, 32, 127",
  })
  void dataType_typesOfALayer_giveTheWidth(
      long terms, int inputBits, boolean signed, int weightBits, int bits) {
    assertThat(new DataTypeBound(terms, new IntegerFormat(inputBits, signed), weightBits).bits())
        .isEqualTo(bits);
  }

  @Test
  void dataType_manyLengthsAndWidths_equalsThePapersFormulaToSixtyDigits() {
    for (int inputBits : new int[] {1, 2, 4, 7, 8, 16, 24}) {
      for (boolean signed : new boolean[] {false, true}) {
        for (int weightBits : new int[] {2, 3, 4, 8, 16, 25}) {
          IntegerFormat input = new IntegerFormat(inputBits, signed);
          int shift = inputBits + weightBits - 1 - (signed ? 1 : 0);
          for (long terms : lengths()) {
            assertThat(new DataTypeBound(terms, input, weightBits).bits())
                .as("K=%d A=%s W=%d", terms, input, weightBits)
                .isEqualTo(PaperFormula.bits(terms, shift));
          }
        }
      }
    }
  }

  /** Small ones, and powers of two with their neighbours, where a ceiling turns. */
  private static long[] lengths() {
    return new long[] {
      1,
      2,
      3,
      5,
      7,
      8,
      9,
      27,
      63,
      64,
      65,
      576,
      1023,
      1024,
      1025,
      4608,
      65535,
      65536,
      65537,
      (1L << 32) - 1,
      1L << 32,
      (1L << 32) + 1,
      (1L << 45) - 1,
      1L << 45,
      (1L << 45) + 1
    };
  }

  @Test
  void dataType_fromTwoToThe49On_isRightWhereDoublesAreNot() {
    int wrong = 0;
    for (int exponent = 10; exponent <= 60; exponent++) {
      long terms = 1L << (exponent - 10); // N = K·2^10 = 2^exponent
      int exact = new DataTypeBound(terms, IntegerFormat.unsigned(8), 3).bits();
      assertThat(exact).isEqualTo(exponent + 2).isEqualTo(PaperFormula.bits(terms, 10));
      if (PaperFormula.bitsInDouble(terms, 10) != exact) {
        wrong++;
        assertThat(exponent).isGreaterThanOrEqualTo(49);
      }
    }
    assertThat(wrong).isGreaterThan(0);
  }

  @Test
  void l1_manyNormsAndWidths_equalsThePapersFormulaToSixtyDigits() {
    for (int inputBits : new int[] {1, 4, 8, 16, 31}) {
      for (boolean signed : new boolean[] {false, true}) {
        IntegerFormat input = new IntegerFormat(inputBits, signed);
        int shift = inputBits - (signed ? 1 : 0);
        for (long norm : lengths()) {
          if (shift == 0 && Long.bitCount(norm + 1) == 1) {
            continue; // log2(norm + 1) is whole: no decimal expansion decides its ceiling
          }
          assertThat(new L1Bound(norm, input).bits())
              .as("norm %d, %s", norm, input)
              .isEqualTo(PaperFormula.bits(norm, shift));
        }
      }
    }
    assertThat(new L1Bound(7, IntegerFormat.signed(1)).bits())
        .as("log2(7 + 1) + 1 exactly")
        .isEqualTo(4);
    assertThat(new L1Bound(0, U4).bits()).isEqualTo(1);
  }

  @Test
  void maxNorm_everyWidth_isTheLargestNormWhoseWidthFits() {
    for (int bits = 2; bits <= 62; bits++) {
      for (IntegerFormat input : List.of(U4, IntegerFormat.signed(8), IntegerFormat.unsigned(16))) {
        long norm = L1Bound.maxNorm(bits, input);
        assertThat(new L1Bound(norm, input).bits()).isLessThanOrEqualTo(bits);
        assertThat(new L1Bound(norm + 1, input).bits()).isGreaterThan(bits);
      }
    }
  }

  @Test
  void maxNorm_paperBudgets_areReproduced() {
    // A2Q+ budgets at A = 4: (2^P − 2) / (2^A − 1), arXiv 2401.10432
    assertThat(ZeroCentredBound.maxNorm(16, 4)).isEqualTo(4368);
    assertThat(ZeroCentredBound.maxNorm(14, 4)).isEqualTo(1092);
    assertThat(ZeroCentredBound.maxNorm(12, 4)).isEqualTo(272);
    assertThat(ZeroCentredBound.maxNorm(2, 8)).as("budget 0").isZero();
    assertThat(L1Bound.maxNorm(16, U4)).isEqualTo(2047);
    assertThat(L1Bound.maxNorm(16, IntegerFormat.signed(4))).isEqualTo(4095);
    assertThat(L1Bound.maxNorm(4, U4)).as("budget 0").isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> L1Bound.maxNorm(63, U4));
    assertThatIllegalArgumentException().isThrownBy(() -> ZeroCentredBound.maxNorm(1, 4));
  }

  @Test
  void maxNorm_weightsAtTheLimitOfAnySigns_neverOverflow() {
    long seed = 43;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int bits = 5; bits <= 24; bits++) {
      for (IntegerFormat input : List.of(U4, IntegerFormat.signed(4), IntegerFormat.unsigned(1))) {
        int[] weights = spread(random, L1Bound.maxNorm(bits, input));
        DotChannel channel = new DotChannel(weights, IntegerRange.of(input));
        assertThat(SignSumBound.of(channel).bits()).isLessThanOrEqualTo(bits);
      }
    }
  }

  private static int[] spread(Random random, long norm) {
    int[] weights = new int[64];
    for (long left = norm; left > 0; ) {
      long part = Math.min(left, 1 + random.nextLong(1 + norm / 20));
      int k = random.nextInt(weights.length);
      weights[k] +=
          (int) (weights[k] == 0 && random.nextBoolean() ? -part : part)
              * (weights[k] < 0 ? -1 : 1);
      left -= part;
    }
    return weights;
  }

  /** Trap 1: the norm allows what the integers, which need not sum to zero, turn into overflow. */
  @Test
  void a2qPlusNorm_integersThatDoNotSumToZero_doesNotCertify() {
    long norm = ZeroCentredBound.maxNorm(12, 4);
    assertThat(norm).isEqualTo(272);
    int[] allPositive = new int[34];
    Arrays.fill(allPositive, 8);
    DotChannel channel = new DotChannel(allPositive, IntegerRange.of(U4));
    assertThat(channel.norm()).isEqualTo(norm);
    assertThat(ZeroCentredBound.of(channel)).isEmpty();
    assertThat(SignSumBound.of(channel)).isEqualTo(new SignSumBound(0, 4080));
    assertThat(SignSumBound.of(channel).bits()).isEqualTo(13);
  }

  /** Trap 2: a range without 0 of the same spread lets a prefix go further. */
  @Test
  void a2qPlusNorm_inputsWithoutZero_doesNotCertify() {
    DotChannel channel = new DotChannel(new int[] {136, -136}, new IntegerRange(5, 20));
    assertThat(channel.norm()).isEqualTo(ZeroCentredBound.maxNorm(12, 4));
    assertThat(channel.sum()).isZero();
    assertThat(ZeroCentredBound.of(channel)).isEmpty();
    assertThat(SignSumBound.of(channel).hi()).isEqualTo(2720);
    assertThat(
            Dot.sum(new Exact(), new SummationOrder.Sequential(), new long[] {2720, -680})
                .pathBits())
        .isEqualTo(13);
  }

  /** Trap 3: "int8" with zero point −128 is multiplied as 0 … 255, which is not 8 bits signed. */
  @Test
  void bounds_int8WithItsZeroPointTakenOff_useTheRangeOfWhatIsMultiplied() {
    IntegerRange seen = new IntegerRange(-128, 127).minus(-128);
    assertThat(seen).isEqualTo(new IntegerRange(0, 255));
    assertThat(IntegerFormat.holding(seen.min(), seen.max())).isEqualTo(IntegerFormat.unsigned(8));
    int[] weights = {64, 64};
    LayerBounds right = LayerBounds.of(List.of(new DotChannel(weights, seen)));
    LayerBounds wrong =
        LayerBounds.of(List.of(new DotChannel(weights, new IntegerRange(-128, 127))));
    assertThat(right.signSum()).isEqualTo(16); // 2·64·255 = 32640
    assertThat(wrong.signSum()).as("128·128 on the negative side: a bit too few").isEqualTo(15);
    assertThat(right.l1()).isEqualTo(17);
  }

  @Test
  void zeroCentred_weightsThatSumToZero_isTheExactWidth() {
    long seed = 44;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int trial = 0; trial < 2000; trial++) {
      int[] weights = random.ints(1 + random.nextInt(20), -20, 21).toArray();
      int sum = Arrays.stream(weights).sum();
      weights[0] -= sum;
      IntegerRange range = new IntegerRange(-random.nextInt(20), random.nextInt(20));
      DotChannel channel = new DotChannel(weights, range);
      assertThat(ZeroCentredBound.of(channel).orElseThrow().bits())
          .isEqualTo(SignSumBound.of(channel).bits());
      DotChannel biased = new DotChannel(weights, range, random.nextInt(-500, 500));
      long lowest = SignSumBound.of(biased).lo();
      boolean powerOfTwo = biased.preload() < 0 && Long.bitCount(-lowest) == 1;
      assertThat(ZeroCentredBound.of(biased).orElseThrow().bits())
          .as("%s", biased)
          .isEqualTo(SignSumBound.of(biased).bits() + (powerOfTwo ? 1 : 0));
    }
  }

  @Test
  void zeroCentred_negativePreloadDownToAPowerOfTwo_isOneBitTooWide() {
    DotChannel channel = new DotChannel(new int[] {1, -1}, new IntegerRange(0, 1), -1);
    assertThat(SignSumBound.of(channel)).isEqualTo(new SignSumBound(-2, 1));
    assertThat(SignSumBound.of(channel).bits()).isEqualTo(2);
    assertThat(ZeroCentredBound.of(channel).orElseThrow().bits()).isEqualTo(3);
    DotChannel upwards = new DotChannel(new int[] {1, -1}, new IntegerRange(0, 1), 1);
    assertThat(SignSumBound.of(upwards).bits()).isEqualTo(3);
    assertThat(ZeroCentredBound.of(upwards).orElseThrow().bits()).isEqualTo(3);
  }

  @Test
  void bounds_randomLayers_growWeakerTheLessTheyLookAt() {
    long seed = 45;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int narrower = 0;
    for (int trial = 0; trial < 2000; trial++) {
      int weightBits = 2 + random.nextInt(7);
      int limit = 1 << (weightBits - 1);
      int[] weights = random.ints(random.nextInt(200), -limit, limit).toArray();
      long a = random.nextInt(-20, 20);
      IntegerRange range = new IntegerRange(a, a + random.nextInt(40));
      long preload = random.nextBoolean() ? 0 : random.nextInt(-3000, 3000);
      LayerBounds bounds = LayerBounds.of(List.of(new DotChannel(weights, range, preload)));
      assertThat(bounds.signSum()).isLessThanOrEqualTo(bounds.l1());
      assertThat(bounds.l1()).isLessThanOrEqualTo(bounds.dataType());
      narrower += bounds.signSum() < bounds.dataType() ? 1 : 0;
    }
    assertThat(narrower).as("the exact bound is usually narrower").isGreaterThan(1000);
  }

  @ParameterizedTest
  @CsvSource({
    // weights, a, b, preload, dataType, l1, zeroCentred (0: none), signSum
    "'', 0, 15, 0, 1, 1, 1, 1", // K = 0
    "'', 0, 15, 100, 8, 8, 8, 8",
    "'', 0, 15, -128, 9, 9, 9, 8",
    "'0 0 0', 0, 15, 0, 7, 1, 1, 1", // ‖q‖₁ = 0: W = 1, N = 3·2^4
    "'7 -7', 0, 15, 0, 10, 9, 8, 8", // N = 2·2^7 = 256; 14·16 = 224; 7·15 = 105
    "'7 7', 0, 15, 0, 10, 9, 0, 9",
    "'-8', 0, 15, 0, 9, 9, 0, 8", // −120 fits 8 bits
    "'5', 0, 0, 0, 6, 5, 0, 1", // an input that is always 0 has a type of 1 bit: 2^(1 + 4 − 1); 5·2
    "'1', -128, 127, 0, 10, 9, 0, 8", // the weight 1 is 2 bits wide, signed
  })
  void layerBounds_handWorkedChannel_givesTheRow(
      String weights,
      long a,
      long b,
      long preload,
      int dataType,
      int l1,
      int zeroCentred,
      int signSum) {
    int[] q =
        weights.isEmpty()
            ? new int[0]
            : Arrays.stream(weights.split(" ")).mapToInt(Integer::parseInt).toArray();
    assertThat(LayerBounds.of(List.of(new DotChannel(q, new IntegerRange(a, b), preload))))
        .isEqualTo(
            new LayerBounds(
                dataType,
                l1,
                zeroCentred == 0 ? OptionalInt.empty() : OptionalInt.of(zeroCentred),
                signSum));
  }

  @Test
  void layerBounds_severalChannels_areTheMaximumAndZeroCentredOnlyIfAllAre() {
    IntegerRange range = new IntegerRange(0, 15);
    DotChannel centred = new DotChannel(new int[] {7, -7}, range);
    DotChannel other = new DotChannel(new int[] {1, 1}, range);
    assertThat(LayerBounds.of(List.of(centred, other)))
        .isEqualTo(new LayerBounds(10, 9, OptionalInt.empty(), 8));
    assertThat(LayerBounds.of(List.of(centred, centred)).zeroCentred()).hasValue(8);
    assertThat(LayerBounds.of(List.of())).isEqualTo(new LayerBounds(1, 1, OptionalInt.of(1), 1));
  }

  @Test
  void holding_everyMagnitudeAroundPowersOfTwo_isTheSmallestWidth() {
    for (long magnitude = 0; magnitude < 5000; magnitude++) {
      int bits = WidthBound.holding(BigInteger.valueOf(magnitude));
      assertThat(Widths.max(bits)).isGreaterThanOrEqualTo(magnitude);
      assertThat(bits == 1 || Widths.max(bits - 1) < magnitude).isTrue();
    }
  }

  @Test
  void bounds_malformed_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new DataTypeBound(-1, U4, 4));
    assertThatIllegalArgumentException().isThrownBy(() -> new DataTypeBound(1, U4, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new L1Bound(-1, U4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ZeroCentredBound(3, new IntegerRange(0, 1), 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ZeroCentredBound(2, new IntegerRange(1, 2), 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new SignSumBound(1, 2));
  }
}
