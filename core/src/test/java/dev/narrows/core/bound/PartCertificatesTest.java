package dev.narrows.core.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Proofs of parts against all inputs and all subsets of every part. */
class PartCertificatesTest {
  @Test
  void of_smallChannels_isTheExtremeOverAllInputsAndSubsets() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 300; round++) {
      int terms = random.nextInt(6);
      int[] weights = random.ints(terms, -4, 5).toArray();
      int low = random.nextInt(-2, 3);
      IntegerRange inputs = new IntegerRange(low, low + random.nextInt(3));
      TermParts parts =
          random.nextBoolean()
              ? TermParts.chunks(1 + random.nextInt(4))
              : TermParts.pairs(new PairedTerms(1 + random.nextInt(2), 16));
      DotChannel channel = new DotChannel(weights, inputs, 1000); // no part holds the bias
      ChannelCertificate made = PartCertificates.of(channel, parts, StoredOffsets.of(3));
      long[] extremes = extremes(channel, parts);
      assertThat(made.lo()).isEqualTo(extremes[0]);
      assertThat(made.hi()).isEqualTo(extremes[1]);
      assertThat(made.bits()).isEqualTo(Widths.of(made.lo(), made.hi()));
      assertThat(made.witness().isPresent()).isEqualTo(made.bits() > 1);
      made.witness().ifPresent(witness -> assertThat(writes(witness, channel, parts)).isTrue());
    }
  }

  private static long[] extremes(DotChannel channel, TermParts parts) {
    long[] extremes = new long[2];
    int terms = channel.terms();
    for (int subset = 0; subset < 1 << terms; subset++) {
      int chosen = subset;
      int[] members = IntStream.range(0, terms).filter(k -> (chosen >> k & 1) == 1).toArray();
      if (Arrays.stream(members).map(parts::part).distinct().count() > 1) {
        continue;
      }
      long least = 0;
      long most = 0;
      for (int k : members) {
        long q = channel.weights()[k];
        long a = q * channel.inputs().min();
        long b = q * channel.inputs().max();
        least += Math.min(a, b);
        most += Math.max(a, b);
      }
      extremes[0] = Math.min(extremes[0], least);
      extremes[1] = Math.max(extremes[1], most);
    }
    return extremes;
  }

  /** Whether the first terms of the witness, all of one part, make what it says. */
  private static boolean writes(Witness witness, DotChannel channel, TermParts parts) {
    long held = 0;
    int part = parts.part(witness.order()[0]);
    for (int k : witness.order()) {
      if (parts.part(k) != part) {
        return false;
      }
      held += channel.weights()[k] * (witness.input()[k] - 3);
      if (held == witness.write()) {
        return witness.start() == 0;
      }
    }
    return false;
  }

  @Test
  void of_products_isThatOfTheLongestPart() {
    ProductChannel product =
        new ProductChannel(7, new IntegerRange(-3, 5), new IntegerRange(-2, 4));
    ChannelCertificate made =
        PartCertificates.of(product, TermParts.chunks(3), StoredOffsets.of(0));
    assertThat(made.hi()).isEqualTo(3 * 20);
    assertThat(made.lo()).isEqualTo(-3 * 12);
    assertThat(made.witness().orElseThrow().write()).isEqualTo(60);
    assertThat(made.witness().orElseThrow().order()).hasSize(7);
  }

  @Test
  void largestChunk_smallChannels_isTheLargestThatFits() {
    SplittableRandom random = new SplittableRandom(8);
    for (int round = 0; round < 300; round++) {
      int terms = random.nextInt(9);
      int bits = 3 + random.nextInt(4);
      List<DotChannel> channels =
          List.of(
              new DotChannel(random.ints(terms, -3, 4).toArray(), new IntegerRange(0, 3)),
              new DotChannel(random.ints(terms, -3, 4).toArray(), new IntegerRange(-2, 3)));
      int expected =
          IntStream.rangeClosed(1, terms)
              .filter(run ->
                  channels.stream()
                      .allMatch(channel ->
                          PartCertificates.of(channel, TermParts.chunks(run), StoredOffsets.of(0))
                                  .bits()
                              <= bits))
              .max()
              .orElse(0);
      assertThat(TermParts.largestChunk(channels, bits)).isEqualTo(expected);
    }
  }

  @Test
  void part_ofPairs_holdsATermAndItsPartner() {
    for (int distance : new int[] {1, 2, 8}) {
      PairedTerms pairs = new PairedTerms(distance, 16);
      TermParts parts = TermParts.pairs(pairs);
      int terms = 37;
      pairs
          .pairs(terms)
          .filter(k -> k + distance < terms)
          .forEach(k -> assertThat(parts.part(k + distance)).isEqualTo(parts.part(k)));
      assertThat(IntStream.range(0, terms).map(parts::part).distinct().count())
          .isEqualTo(pairs.pairs(terms).count());
      assertThat(IntStream.range(0, terms).map(parts::part).max().orElse(0))
          .isLessThan(parts.count(terms));
    }
  }

  @Test
  void constructor_neitherOrBoth_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TermParts(TermParts.PartKind.CHUNKS, List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> new TermParts.PartFold(0, 1));
  }
}
