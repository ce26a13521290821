package dev.narrows.core.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CertificateTest {
  private static final List<IntegerRange> RANGES =
      List.of(
          new IntegerRange(0, 3),
          new IntegerRange(-2, 1),
          new IntegerRange(1, 3),
          new IntegerRange(-3, -1),
          new IntegerRange(-4, 0),
          new IntegerRange(0, 0),
          new IntegerRange(2, 2));
  private static final long[] PRELOADS = {0, 5, -4, 64, -65};

  private static final List<SummationOrder> ORDERS =
      List.of(
          new SummationOrder.Sequential(),
          new SummationOrder.Reversed(),
          new SummationOrder.Ascending(),
          new SummationOrder.Chunked(2),
          SummationOrder.Sorted.all(),
          SummationOrder.Sorted.rounds(1),
          new SummationOrder.SortedTiles(2, OptionalInt.of(1)),
          new SummationOrder.SignDirected());

  /** Every vector of {@code length} values of [min, max]. */
  private static void everyVector(int length, long min, long max, Consumer<long[]> action) {
    long[] vector = new long[length];
    Arrays.fill(vector, min);
    while (true) {
      action.accept(vector.clone());
      int k = 0;
      while (k < length && vector[k] == max) {
        vector[k++] = min;
      }
      if (k == length) {
        return;
      }
      vector[k]++;
    }
  }

  private static long[] terms(int[] weights, long[] inputs) {
    long[] terms = new long[weights.length];
    for (int k = 0; k < terms.length; k++) {
      terms[k] = weights[k] * inputs[k];
    }
    return terms;
  }

  private static int[] ints(long[] values) {
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }

  @Test
  void signSum_everyInputAndTreeOfSmallChannels_reachesBothEndsAndNothingBeyond() {
    for (int terms = 0; terms <= 3; terms++) {
      everyVector(
          terms,
          -2,
          2,
          weights -> {
            for (IntegerRange range : RANGES) {
              for (long preload : PRELOADS) {
                requireExact(new DotChannel(ints(weights), range, preload));
              }
            }
          });
    }
  }

  @Test
  void signSum_fourTermsAllTrees_isExact() {
    for (int[] weights : new int[][] {{3, -2, 1, -3}, {1, 1, 1, 1}, {0, -7, 5, 0}}) {
      for (IntegerRange range : RANGES) {
        requireExact(new DotChannel(weights, range, -6));
      }
    }
  }

  private static void requireExact(DotChannel channel) {
    SignSumBound bound = SignSumBound.of(channel);
    long[] reached = {0, 0};
    everyVector(
        channel.terms(),
        channel.inputs().min(),
        channel.inputs().max(),
        inputs -> {
          long[] terms = terms(channel.weights(), inputs);
          IntegerRange writes = EveryTree.writes(terms, channel.preload());
          reached[0] = Math.min(reached[0], writes.min());
          reached[1] = Math.max(reached[1], writes.max());
        });
    assertThat(bound)
        .as("%s of %s", channel, Arrays.toString(channel.weights()))
        .isEqualTo(new SignSumBound(reached[0], reached[1]));
  }

  @Test
  void signSum_everyInputInEveryOrder_neverPassesTheWidth() {
    everyVector(
        3,
        -2,
        2,
        weights -> {
          for (IntegerRange range : RANGES) {
            DotChannel channel = new DotChannel(ints(weights), range, 3);
            int bits = SignSumBound.of(channel).bits();
            everyVector(
                3,
                range.min(),
                range.max(),
                inputs -> {
                  long[] terms = terms(channel.weights(), inputs);
                  for (SummationOrder order : ORDERS) {
                    assertThat(Dot.sum(new Exact(), order, terms, 3).pathBits())
                        .isLessThanOrEqualTo(bits);
                  }
                });
          }
        });
  }

  @Test
  void witness_everySmallChannel_fitsTheSafeWidthAndOverflowsOneBitBelow() {
    for (int terms = 0; terms <= 3; terms++) {
      everyVector(
          terms,
          -3,
          3,
          weights -> {
            for (IntegerRange range : RANGES) {
              for (long preload : PRELOADS) {
                requireWitness(new DotChannel(ints(weights), range, preload), 7);
              }
            }
          });
    }
  }

  @Test
  void witness_randomLongChannels_fitsTheSafeWidthAndOverflowsOneBitBelow() {
    long seed = 41;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int trial = 0; trial < 500; trial++) {
      int[] weights = random.ints(random.nextInt(1, 600), -127, 128).toArray();
      long a = random.nextInt(-300, 300);
      IntegerRange range = new IntegerRange(a, a + random.nextInt(300));
      requireWitness(new DotChannel(weights, range, random.nextInt(-40_000, 40_000)), -128);
    }
  }

  private static void requireWitness(DotChannel channel, long zeroPoint) {
    ChannelCertificate certificate = ChannelCertificate.of(channel, zeroPoint);
    if (certificate.bits() == 1) {
      assertThat(certificate.witness()).isEmpty();
      assertThat(certificate.hi()).isZero();
      return;
    }
    Witness witness = certificate.witness().orElseThrow();
    assertThat(witness.bits()).isEqualTo(certificate.bits() - 1);
    assertThat(Arrays.stream(witness.order()).sorted().toArray())
        .as("a permutation")
        .isEqualTo(IntStream.range(0, channel.terms()).toArray());
    assertThat(witness.start()).isIn(0L, channel.preload());
    long[] ordered = new long[channel.terms()];
    for (int i = 0; i < ordered.length; i++) {
      int k = witness.order()[i];
      long x = witness.input()[k] - zeroPoint;
      assertThat(channel.inputs().contains(x)).isTrue();
      ordered[i] = channel.weights()[k] * x;
    }
    // the reference itself, run in that order, makes the write and nothing wider
    var outcome = Dot.sum(new Exact(), new SummationOrder.Sequential(), ordered, witness.start());
    assertThat(outcome.pathBits()).isEqualTo(certificate.bits());
    assertThat(outcome.at(certificate.bits())).isEqualTo(OverflowClass.CLEAN);
    assertThat(outcome.at(witness.bits())).isNotEqualTo(OverflowClass.CLEAN);
    assertThat(Widths.of(witness.write())).isGreaterThan(witness.bits());
    long sum = witness.start();
    boolean written = sum == witness.write();
    for (long term : ordered) {
      sum += term;
      written |= sum == witness.write();
    }
    assertThat(written).isTrue();
    if (channel.inputs().contains(0)) {
      assertThat(sum).as("with 0 in the range any order ends there").isEqualTo(witness.write());
      if (witness.bits() >= 2) {
        long held =
            Dot.sum(
                    new Saturating(witness.bits()),
                    new SummationOrder.Reversed(),
                    ordered,
                    witness.start())
                .value();
        assertThat(held).isNotEqualTo(witness.write());
      }
    }
  }

  /** Theorem A for every input: where all terms fit, sorted saturation clamps the exact sum. */
  @Test
  void termCertificate_everyInput_sortedSaturationClampsTheExactSum() {
    int overflows = 0;
    for (IntegerRange range : RANGES) {
      for (long preload : new long[] {0, 3, -4}) {
        for (int[] weights : new int[][] {{3, -2, 2, 1}, {-3, -3, -1, -2}, {2, 2, 3, 0}}) {
          DotChannel channel = new DotChannel(weights, range, preload);
          ChannelCertificate certificate = ChannelCertificate.of(channel, 0, Guarantee.TERMS);
          if (certificate.bits() >= 2) {
            overflows += clampsEverywhere(channel, certificate);
          }
          certificate
              .witness()
              .ifPresent(witness -> {
                long first =
                    channel.weights()[witness.order()[0]] * witness.input()[witness.order()[0]];
                assertThat(witness.write()).isIn(first, channel.preload());
                assertThat(Widths.of(witness.write())).isEqualTo(certificate.bits());
              });
        }
      }
    }
    assertThat(overflows).as("the clamp was needed").isGreaterThan(1000);
  }

  private static int clampsEverywhere(DotChannel channel, ChannelCertificate certificate) {
    Saturating register = new Saturating(certificate.bits());
    int[] overflows = {0};
    everyVector(
        channel.terms(),
        channel.inputs().min(),
        channel.inputs().max(),
        input -> {
          long[] terms = new long[input.length];
          long exact = channel.preload();
          for (int k = 0; k < terms.length; k++) {
            terms[k] = channel.weights()[k] * input[k];
            exact += terms[k];
          }
          long clamped =
              Math.clamp(exact, Widths.min(certificate.bits()), Widths.max(certificate.bits()));
          overflows[0] += clamped == exact ? 0 : 1;
          for (SummationOrder order :
              List.of(SummationOrder.Sorted.all(), new SummationOrder.SignDirected())) {
            assertThat(Dot.sum(register, order, terms, channel.preload()).value())
                .isEqualTo(clamped);
          }
        });
    return overflows[0];
  }

  @Test
  void certificate_layersOfDifferentWidths_holdsWhereTheWidestFits() {
    IntegerRange range = new IntegerRange(0, 15);
    DotChannel narrow = new DotChannel(new int[] {1, -1}, range); // [−15, 15]: 5 bits
    DotChannel wide = new DotChannel(new int[] {7, 7, -3}, range); // [−45, 210]: 9 bits
    DotChannel zero = new DotChannel(new int[] {0, 0}, range);
    LayerCertificate first =
        LayerCertificate.of("first", List.of(narrow, wide), StoredOffsets.of(0), Guarantee.SUMS);
    LayerCertificate second =
        LayerCertificate.of("second", List.of(zero), StoredOffsets.of(0), Guarantee.SUMS);
    assertThat(first.bits()).isEqualTo(9);
    assertThat(second.bits()).isEqualTo(1);
    Map<String, String> conventions = Map.of("zero", "offset");
    assertThat(new Certificate(9, conventions, List.of(first, second)).holds()).isTrue();
    Certificate failed = new Certificate(8, conventions, List.of(first, second));
    assertThat(failed.holds()).isFalse();
    assertThat(failed.breaches())
        .containsExactly(new Certificate.Breach("first", 1, first.channels().get(1)));
  }

  @Test
  void channelCertificate_minusTwoToThePMinusOne_needsOnlyP() {
    // lo = −16 fits 5 bits, hi = 16 would not
    assertThat(
            ChannelCertificate.of(new DotChannel(new int[] {-1}, new IntegerRange(0, 16)), 0)
                .bits())
        .isEqualTo(5);
    assertThat(
            ChannelCertificate.of(new DotChannel(new int[] {1}, new IntegerRange(0, 16)), 0).bits())
        .isEqualTo(6);
  }

  @Test
  void channelCertificate_helpfulBias_startsTheWitnessAtZero() {
    // a bias of −100 only helps the upper side in sequence, but a chunk begins at zero
    Witness witness =
        ChannelCertificate.of(new DotChannel(new int[] {10}, new IntegerRange(0, 20), -100), 0)
            .witness()
            .orElseThrow();
    assertThat(witness).isEqualTo(new Witness(new long[] {20}, new int[] {0}, 0, 200, 8));
  }

  @Test
  void certificate_sumsBeyond64Bits_areRefusedNamingTheChannel() {
    List<DotChannel> channels =
        List.of(new DotChannel(new int[] {Integer.MAX_VALUE, 9}, new IntegerRange(0, 1L << 33)));
    assertThatThrownBy(
            () -> LayerCertificate.of("fc", channels, StoredOffsets.of(0), Guarantee.SUMS))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("layer \"fc\", channel 0: sums can leave 64 bits");
  }

  @Test
  void witness_writeThatFits_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Witness(new long[0], new int[0], 7, 7, 4))
        .withMessageContaining("fits 4 bits");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Witness(new long[1], new int[0], 8, 8, 4));
  }

  @Test
  void inputRange_empty_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IntegerRange(3, 2))
        .withMessage("range [3, 2] is empty");
  }
}
