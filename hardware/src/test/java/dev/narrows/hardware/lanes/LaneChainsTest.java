package dev.narrows.hardware.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.lane.LaneReduction;
import dev.narrows.core.lane.LaneWalk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaneChainsTest {
  private static LaneQuestion question(String reduction, String a, String b) {
    return new LaneQuestion(
        LaneReduction.parse(reduction), OperandValues.parse(a), OperandValues.parse(b));
  }

  private static LaneAnswer answer(String reduction, String a, String b) {
    return LaneChains.answer(question(reduction, a, b), OptionalInt.empty());
  }

  /** The same rows as in docs/lanes.md. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vpmaddubsw+paddsw                  | u8      | -1..1          | 64      | 128",
        "vpmaddubsw+paddsw                  | u8      | s8             | 0       | 0",
        "vpmaddubsw+paddsw                  | u7      | -64..64        | 2       | 4",
        "vpmaddubsw+paddw                   | 0..3    | -127..127      | 43      | 86",
        "smull+smlal+sadalp                 | s8      | s8             | 1       | 1",
        "smull+smlal+sadalp                 | s8      | s8 except -128 | 2       | 2",
        "smull+smlal+sadalp                 | -127..127 | -127..127    | 2       | 2",
        "sdot                               | s8      | s8             | 32767   | 131068",
        "udot                               | u8      | u8             | 16512   | 66048",
        "vpdpbusd                           | u8      | s8             | 16448   | 65792",
        "smlad                              | s16     | s16            | 0       | 0",
        "smlad                              | s16     | s16 except -32768 | 1    | 2",
        "i32: add n products                | s16     | s8             | 511     | 511",
        "i32: add n products                | u8      | u8             | 33025   | 33025",
        "vwmacc                             | s8      | s8             | 1       | 1",
        "swar16                             | u8      | 0..1           | 128     | 128",
        "u16: add n products                | u8      | u8             | 1       | 1",
        "i16 saturate: add n products       | s4      | s4             | 511     | 511",
        "i64: add n products                | s16     | s16            | 2147483646 | 2147483646",
      })
  void answer_knownReduction_isTheLargestChain(
      String reduction, String a, String b, int largest, long products) {
    LaneAnswer answer = answer(reduction, a, b);
    assertThat(answer.largest()).hasValue(largest);
    assertThat(answer.products(largest)).isEqualTo(products);
    assertThat(answer.safe()).isEqualTo(largest > 0);
    assertThat(answer.unlimited()).isEqualTo(largest == Integer.MAX_VALUE - 1);
    answer
        .witness()
        .ifPresent(witness -> {
          assertThat(answer.broken()).hasValue(largest + 1);
          assertThat(witness.exact()).isNotEqualTo(witness.ends());
        });
  }

  @Test
  void answer_pairsThatDoNotFit_sayWhereAndStopAtTheFirst() {
    LaneAnswer answer = answer("vpmaddubsw+paddsw", "u8", "s8");
    LaneWitness witness = answer.witness().orElseThrow();
    assertThat(answer.failing()).hasValue(0);
    assertThat(witness.overflow().step()).isEqualTo(2);
    assertThat(witness.overflow().sum()).isEqualTo(255 * 127 * 2);
    assertThat(witness.a()).containsExactly(255, 255);
    assertThat(witness.b()).containsExactly(127, 127);
  }

  @Test
  void answer_offset_movesCodesAndNotWitnesses() {
    LaneAnswer answer = answer("vpmaddubsw", "s8+128", "s8");
    LaneWitness witness = answer.witness().orElseThrow();
    assertThat(witness.a()).containsExactly(127, 127); // stored; 255 is multiplied
    assertThat(witness.overflow().sum()).isEqualTo(255 * 127 * 2);
  }

  @Test
  void answer_nothingOpen_saysWhetherItIsSafe() {
    assertThat(answer("vpmaddubsw", "u8", "-64..64").safe()).isTrue();
    assertThat(answer("vpmaddubsw", "u8", "-64..65").safe()).isFalse();
    assertThat(answer("vpmaddubsw", "u8", "-64..64").largest()).isEmpty();
  }

  @Test
  void answer_lastLevelOpen_countsWhatItMayTake() {
    LaneAnswer answer = answer("vpmaddubsw+vpmaddwd+i32", "u7", "-64..64");
    assertThat(answer.largest()).hasValue((int) (Integer.MAX_VALUE / (4L * 127 * 64)));
    LaneAnswer flushed = answer("smull+smlal+sadalp", "-127..127", "-127..127");
    assertThat(flushed.flushes()).hasValue(Integer.MAX_VALUE / (2L * 127 * 127));
  }

  @Test
  void answer_chainAskedFor_isJudged() {
    LaneQuestion question = question("vpmaddubsw+paddsw", "u8", "-1..1");
    assertThat(LaneChains.answer(question, OptionalInt.of(64)).safe()).isTrue();
    LaneAnswer unsafe = LaneChains.answer(question, OptionalInt.of(70));
    assertThat(unsafe.safe()).isFalse();
    assertThat(unsafe.broken()).hasValue(70);
    assertThat(unsafe.witness().orElseThrow().overflow().step()).isEqualTo(65);
  }

  @Test
  void answer_biasLoaded_shortensTheChain() {
    LaneAnswer answer = answer("i16: start -1000..500, add n", "0..1", "-1000..1000");
    assertThat(answer.largest()).hasValue(31); // -1000 - 31 * 1000; 500 + 32 * 1000 fits
    assertThat(answer.witness().orElseThrow().starts()).containsExactly(-1000);
    assertThat(answer.witness().orElseThrow().overflow().sum()).isEqualTo(-33_000);
  }

  @Test
  void question_limits_countActiveInputsOnly() {
    LaneReduction reduction = LaneReduction.parse("i16: add n");
    InputLimits few = new InputLimits(OptionalInt.of(32), OptionalInt.empty());
    LaneQuestion question =
        new LaneQuestion(
            reduction,
            OperandValues.parse("0..1"),
            OperandValues.parse("-1000..1000"),
            Optional.empty(),
            OptionalInt.empty(),
            few);
    assertThat(LaneChains.answer(question, OptionalInt.empty()).unlimited()).isTrue();
    InputLimits more = new InputLimits(OptionalInt.of(33), OptionalInt.empty());
    LaneQuestion wide =
        new LaneQuestion(
            reduction, question.a(), question.b(), Optional.empty(), OptionalInt.empty(), more);
    assertThat(LaneChains.answer(wide, OptionalInt.empty()).largest()).hasValue(32);
    LaneQuestion groups =
        new LaneQuestion(
            LaneReduction.parse("i16"),
            question.a(),
            question.b(),
            Optional.empty(),
            OptionalInt.of(320),
            new InputLimits(OptionalInt.empty(), OptionalInt.of(10)));
    assertThat(LaneChains.answer(groups, OptionalInt.empty()).safe()).isTrue();
    LaneQuestion small =
        new LaneQuestion(
            LaneReduction.parse("i16"),
            question.a(),
            question.b(),
            Optional.empty(),
            OptionalInt.of(330),
            new InputLimits(OptionalInt.empty(), OptionalInt.of(10)));
    LaneWitness witness = LaneChains.answer(small, OptionalInt.empty()).witness().orElseThrow();
    assertThat(Arrays.stream(witness.a()).sum()).isEqualTo(33);
    assertThat(witness.overflow().sum()).isEqualTo(33_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vpmaddubsw | s8 | s8 | a: values [-128, 127] are out of range",
        "vpmaddubsw | u8 | -129..3 | b: values [-129, 3] are out of range",
        "vpmaddubsw | u8+1 | s8 | a: values [1, 256] are out of range",
      })
  void question_operandsOutOfType_areRejected(
      String reduction, String a, String b, String problem) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> question(reduction, a, b))
        .withMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource({"u", "8", "5..4", "s40", "u8+", "1..2 except 1 and 2", "'1..2 except 1,2'", "x"})
  void operands_wrongText_areRejected(String text) {
    if (text.equals("8")) {
      assertThat(OperandValues.parse(text).values()).isEqualTo(new IntegerRange(8, 8));
      return;
    }
    assertThatIllegalArgumentException().isThrownBy(() -> OperandValues.parse(text));
  }

  /** Small registers against all operands of all short chains: the first n with a wrong sum. */
  @Test
  void answer_smallRegisters_areThoseOfAllOperands() {
    long seed = 20_261;
    Random random = new Random(seed);
    for (int trial = 0; trial < 200; trial++) {
      String text = smallReduction(random);
      LaneReduction reduction = LaneReduction.parse(text);
      long low = random.nextInt(7) - 4;
      OperandValues a = OperandValues.of(new IntegerRange(low, low + random.nextInt(3)));
      long least = random.nextInt(7) - 4;
      OperandValues b = OperandValues.of(new IntegerRange(least, least + random.nextInt(3)));
      LaneAnswer answer = LaneChains.answer(new LaneQuestion(reduction, a, b), OptionalInt.empty());
      int first = Integer.MAX_VALUE;
      int longest = text.contains("*2") ? 3 : 6;
      for (int n = 1; n <= longest && first > longest; n++) {
        if (wrongFor(reduction.with(n), terms(reduction, n), products(a, b))) {
          first = n;
        }
      }
      String what = "seed %d, %s of %s and %s".formatted(seed, text, a, b);
      int largest = answer.largest().orElseThrow();
      if (first <= longest) {
        assertThat(largest).as(what).isEqualTo(first - 1);
      } else {
        assertThat(largest).as(what).isGreaterThanOrEqualTo(longest);
      }
      answer
          .witness()
          .ifPresent(witness ->
              assertThat(witness.overflow().level())
                  .as(what)
                  .isEqualTo(answer.failing().orElseThrow()));
    }
  }

  private static String smallReduction(Random random) {
    String[] first = {"i4s*n", "i4*n", "u4*n", "u4s*n", "i3*2+i5s*n", "i3s*2+i4*n", "i4*2+i4*n"};
    String[] last = {"i5*n+i4", "i4*2+i3*n", "i4s*n/2", "u5*2+i6s*n/2", "i5s*n+i6"};
    return random.nextBoolean()
        ? first[random.nextInt(first.length)]
        : last[random.nextInt(last.length)];
  }

  /** One lane of the chain's level, in the first block. */
  private static int terms(LaneReduction reduction, int n) {
    int terms = n * reduction.levels().get(reduction.chainLevel().orElseThrow()).stride();
    return reduction.chainLevel().orElseThrow() == 1 ? 2 * terms : terms;
  }

  private static long[] products(OperandValues a, OperandValues b) {
    List<Long> all = new ArrayList<>();
    for (long x = a.values().min(); x <= a.values().max(); x++) {
      for (long y = b.values().min(); y <= b.values().max(); y++) {
        all.add(x * y);
      }
    }
    return all.stream().distinct().mapToLong(Long::longValue).toArray();
  }

  /**
   * Whether some products end in another sum than the exact one, or in the right one by luck: a
   * later clip that undoes an earlier one.
   */
  private static boolean wrongFor(LaneReduction reduction, int terms, long[] products) {
    int lanes = terms > 6 ? 6 : terms;
    int[] index = new int[lanes];
    long[] values = new long[terms];
    while (true) {
      for (int k = 0; k < terms; k++) {
        values[k] = products[index[k % lanes]];
      }
      if (Arrays.stream(reduction.sums(values)).sum() != Arrays.stream(values).sum()) {
        return true;
      }
      int k = 0;
      while (k < lanes && ++index[k] == products.length) {
        index[k++] = 0;
      }
      if (k == lanes) {
        return false;
      }
    }
  }

  /** Known weights against all inputs, every length. */
  @Test
  void answer_knownWeights_areThoseOfAllInputs() {
    long seed = 7;
    Random random = new Random(seed);
    String[] texts = {"i4s*n", "i4*n/2+i6", "i3s*2+i4s*n", "i4*2/2+i4s*n", "i5*n"};
    for (int trial = 0; trial < 400; trial++) {
      LaneReduction reduction = LaneReduction.parse(texts[random.nextInt(texts.length)]);
      int terms = 1 + random.nextInt(6);
      int[][] weights = new int[1 + random.nextInt(2)][terms];
      for (int[] channel : weights) {
        Arrays.setAll(channel, k -> random.nextInt(9) - 4);
      }
      long low = random.nextInt(5) - 2;
      OperandValues a = OperandValues.of(new IntegerRange(low, low + random.nextInt(3)));
      InputLimits limits =
          a.contains(0) && random.nextBoolean()
              ? new InputLimits(
                  random.nextBoolean()
                      ? OptionalInt.of(1 + random.nextInt(3))
                      : OptionalInt.empty(),
                  random.nextBoolean()
                      ? OptionalInt.of(1 + random.nextInt(3))
                      : OptionalInt.empty())
              : InputLimits.none();
      LaneQuestion question =
          new LaneQuestion(
              reduction,
              a,
              OperandValues.parse("-4..4"),
              Optional.of(weights),
              OptionalInt.empty(),
              limits);
      LaneAnswer answer = LaneChains.answer(question, OptionalInt.empty());
      String what =
          "seed %d, %s, weights %s, %s, %s"
              .formatted(seed, reduction, Arrays.deepToString(weights), a, limits);
      int largest = 0;
      int everyBelow = 0;
      for (int n = 1; n <= terms; n++) {
        if (safeFor(reduction.with(n), weights, a, limits)) {
          largest = n;
          everyBelow += everyBelow == n - 1 ? 1 : 0;
        }
      }
      if (answer.unlimited()) {
        assertThat(largest).as(what).isEqualTo(terms);
      } else {
        assertThat(answer.largest()).as(what).hasValue(largest);
        assertThat(answer.everyBelow()).as(what).isEqualTo(everyBelow);
      }
    }
  }

  private static boolean safeFor(
      LaneReduction reduction, int[][] weights, OperandValues a, InputLimits limits) {
    int terms = weights[0].length;
    long[] x = new long[terms];
    Arrays.fill(x, a.values().min());
    while (true) {
      if (allowed(x, limits)) {
        for (int[] channel : weights) {
          long[] products = new long[terms];
          Arrays.setAll(products, k -> x[k] * channel[k]);
          if (LaneWalk.of(reduction, products).overflow().isPresent()) {
            return false;
          }
        }
      }
      int k = 0;
      while (k < terms && ++x[k] > a.values().max()) {
        x[k++] = a.values().min();
      }
      if (k == terms) {
        return true;
      }
    }
  }

  private static boolean allowed(long[] x, InputLimits limits) {
    if (limits.nonzeros().isPresent()
        && Arrays.stream(x).filter(v -> v != 0).count() > limits.nonzeros().getAsInt()) {
      return false;
    }
    if (limits.group().isPresent()) {
      int group = limits.group().getAsInt();
      for (int first = 0; first < x.length; first += group) {
        long active =
            Arrays.stream(x, first, Math.min(x.length, first + group)).filter(v -> v != 0).count();
        if (active > 1) {
          return false;
        }
      }
    }
    return true;
  }
}
