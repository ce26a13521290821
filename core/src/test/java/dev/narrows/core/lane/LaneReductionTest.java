package dev.narrows.core.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Wrapping;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LaneReductionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vpmaddubsw+paddsw | u8*s8+i16s*2+i16s*n/16",
        "VPMADDUBSW + VPADDSW | u8*s8+i16s*2+i16s*n/16",
        "i16: add 2 products; i16: add n; i32: flush | i16*2+i16*n+i32",
        "i16 saturate: add 2 products; i16 wrap: add n by stride 16; i32: flush"
            + " | i16s*2+i16*n/16+i32",
        "u8*s8; int16 saturate : add 2 ; i32 | u8*s8+i16s*2+i32",
        "i16: start -500..500, add n by channel | i16*n@-500..500",
        "smull+smlal+sadalp | s8*s8+i16*n/8+i32",
        "i32x4.dot_i16x8_s | s16*s16+i32*2+i32*n/4",
        "u16s*n/8 | u16s*n/8",
        "i16s | i16s",
      })
  void parse_everyForm_printsTheCanonicalOne(String text, String canonical) {
    LaneReduction reduction = LaneReduction.parse(text);
    assertThat(reduction).hasToString(canonical);
    assertThat(LaneReduction.parse(canonical)).isEqualTo(reduction);
  }

  @Test
  void parse_everyPresetAndInstruction_isAReduction() {
    LaneInstructions.PRESETS.forEach(LaneReduction::parse);
    LaneInstructions.byName().keySet().forEach(LaneReduction::parse);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        "vpmaddubs",
        "i16: add",
        "i16: add 0",
        "i16*0",
        "i16*n+i16*n",
        "i32+i16*2",
        "i16*2/0",
        "i1*2",
        "i65*2",
        "u64*2",
        "i16*2+u8*s8",
        "u8*s8",
        "i16s wrap: add 2",
        "i16: start 40000..40001, add n",
        "i16: start 5..4, add n",
        "i16*9999999999",
        "i16 : add 2 pears",
      })
  void parse_wrongText_isRejectedWithTheText(String text) {
    assertThatExceptionOfType(LaneTextException.class)
        .isThrownBy(() -> LaneReduction.parse(text))
        .withMessageStartingWith("reduction \"" + text + "\": ");
  }

  @Test
  void hold_everyRegisterAndSum_isThatOfTheAccumulators() {
    for (int bits = 2; bits <= 5; bits++) {
      for (long sum = -80; sum <= 80; sum++) {
        assertThat(new LaneRegister(bits, true, false).hold(sum))
            .isEqualTo(new Wrapping(bits).load(sum));
        assertThat(new LaneRegister(bits, true, true).hold(sum))
            .isEqualTo(new Saturating(bits).load(sum));
        long modulus = 1L << bits;
        assertThat(new LaneRegister(bits, false, false).hold(sum))
            .isEqualTo(Math.floorMod(sum, modulus));
        assertThat(new LaneRegister(bits, false, true).hold(sum))
            .isEqualTo(Math.clamp(sum, 0, modulus - 1));
      }
    }
  }

  /** Strided lanes, written out: AVX2's two loads of 32 products. */
  @Test
  void sums_strides_takeTheTermsOfTheirLane() {
    LaneReduction reduction = LaneReduction.parse("i16*2+i16*2/16");
    long[] terms = new long[64];
    Arrays.setAll(terms, k -> 1L << (k % 8));
    long[] sums = reduction.sums(terms);
    assertThat(sums).hasSize(16);
    for (int lane = 0; lane < 16; lane++) {
      assertThat(sums[lane])
          .isEqualTo(
              terms[2 * lane] + terms[2 * lane + 1] + terms[32 + 2 * lane] + terms[33 + 2 * lane]);
    }
  }

  @Test
  void lane_everyItem_isThePlaceOfItsSum() {
    Random random = new Random(5);
    for (int trial = 0; trial < 200; trial++) {
      LaneLevel level =
          LaneReduction.parse(
                  "i40"
                      + (random.nextBoolean() ? "*" + (1 + random.nextInt(4)) : "")
                      + "/"
                      + (1 + random.nextInt(4)))
              .levels()
              .getFirst();
      int items = random.nextInt(30);
      for (int one = 0; one < items; one++) {
        long[] marked = new long[items];
        marked[one] = 1;
        long[] sums = level.sum(marked, 0);
        assertThat(sums).hasSize(level.sums(items));
        assertThat(sums[(int) level.lane(one)]).isEqualTo(1);
      }
    }
  }

  /** Without overflow the walk's sums and the registers' agree; with it they are told apart. */
  @Test
  void walk_randomTerms_noticesExactlyWhatRegistersLose() {
    long seed = 11;
    Random random = new Random(seed);
    String[] texts = {"i6s*2+i6s*3/2+i9", "i6*2+i6*3/2+i9s", "i5*2+i4*4", "u7s*3/2", "i6*4+i7*2"};
    int lost = 0;
    for (int trial = 0; trial < 20_000; trial++) {
      LaneReduction reduction = LaneReduction.parse(texts[random.nextInt(texts.length)]);
      long[] terms = new long[random.nextInt(14)];
      int reach = 2 + random.nextInt(12);
      Arrays.setAll(terms, k -> random.nextInt(2 * reach) - reach / 2);
      LaneWalk walk = LaneWalk.of(reduction, terms);
      boolean same = Arrays.equals(walk.exactSums(), reduction.sums(terms));
      assertThat(Arrays.stream(walk.exactSums()).sum()).isEqualTo(Arrays.stream(terms).sum());
      if (walk.overflow().isEmpty()) {
        assertThat(same).as("seed %d, %s of %s", seed, reduction, Arrays.toString(terms)).isTrue();
      } else {
        lost += same ? 0 : 1;
      }
    }
    assertThat(lost).isGreaterThan(1000);
  }
}
