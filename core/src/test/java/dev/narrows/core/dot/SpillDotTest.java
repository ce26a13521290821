package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.format.Widths;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpillDotTest {
  private static final List<String> ORDERS =
      List.of(
          "sequential",
          "reversed",
          "chunk(2)",
          "ascending",
          "sorted",
          "sorted(1)",
          "tiles(2)",
          "sign-directed");

  private static SummationOrder order(String text) {
    return Summation.parse(text.equals("sequential") ? "int9:spill(9)" : "int9:spill(9):" + text)
        .order();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int4:spill(16) | 5 5 -3         | 0   | 7   | 1", // 5, then 5 spills, 5, 2
        "int4:spill(16) | 5 -3 5         | 0   | 7   | 0",
        "int4:spill(16) | 7 7 7 7        | 0   | 28  | 3",
        "int4:spill(16) | -8 -8          | 0   | -16 | 1",
        "int4:spill(16) | 100 1          | 0   | 101 | 1", // goes straight to the wide register
        "int4:spill(16) | 7 100 -1       | 0   | 106 | 1",
        "int4:spill(16) | 9 -3           | -3  | 3   | 0", // −3 + 9 fits, though 9 does not
        "int4:spill(16) | 1              | 8   | 9   | 1", // a preload that does not fit
        "int4:spill(5)  | 7 7 7 7        | 0   | -4  | 3", // 28 modulo 2^5
        "int4:spill(16):chunk(2) | 5 5 5 5 | 0 | 20  | 3", // a chunk spills, holds 5; then 5 + 5
        "int4:spill(16):sorted | 7 7 -7 -7 | 0 | 0   | 0",
        "int4:spill(16) |                | 0   | 0   | 0",
      })
  void sum_handWorkedRow_givesTheValueAndTheSpills(
      String text, String terms, long preload, long value, long spills) {
    Summation summation = Summation.parse(text);
    long[] products =
        terms == null
            ? new long[0]
            : Arrays.stream(terms.split(" ")).mapToLong(Long::parseLong).toArray();
    Spilling register = (Spilling) summation.accumulator();
    assertThat(SpillDot.sum(register, summation.order(), products, preload))
        .isEqualTo(new SpillOutcome(value, spills));
    assertThat(Dot.sum(register, summation.order(), products, preload).value()).isEqualTo(value);
  }

  /** All terms of up to four, preloads too, at P = 2 to 4: exact, and spilling iff not clean. */
  @Test
  void sum_everySmallRow_isExactAndSpillsWhereItIsNotClean() {
    for (String text : ORDERS) {
      SummationOrder order = order(text);
      for (int bits = 2; bits <= 3; bits++) {
        Spilling register = new Spilling(bits, 12);
        for (int code = 0; code < 13 * 13 * 13 * 13; code++) {
          long[] terms = {
            code % 13 - 6, code / 13 % 13 - 6, code / 169 % 13 - 6, code / 2197 % 13 - 6
          };
          long preload = code % 5 == 0 ? code % 11 - 5 : 0;
          check(register, order, terms, preload);
        }
      }
    }
  }

  @Test
  void sum_randomRows_areExactModuloTheWideRegister() {
    long seed = 20250409;
    Random random = new Random(seed);
    for (int trial = 0; trial < 4000; trial++) {
      int bits = random.nextInt(2, 20);
      Spilling register = new Spilling(bits, bits + random.nextInt(12));
      long[] terms =
          random.longs(random.nextInt(60), -(1L << random.nextInt(1, 20)), 1L << 18).toArray();
      SummationOrder order = order(ORDERS.get(trial % ORDERS.size()));
      check(register, order, terms, random.nextInt(-1000, 1000));
    }
  }

  private static void check(Spilling register, SummationOrder order, long[] terms, long preload) {
    SpillOutcome spilled = SpillDot.sum(register, order, terms, preload);
    long exact = preload + Arrays.stream(terms).sum();
    DotOutcome outcome = Dot.sum(new Exact(), order, terms, preload);
    OverflowProfile.Builder one = OverflowProfile.builder();
    one.add(outcome.finalBits(), outcome.pathBits());
    OverflowProfile profile = one.build();
    boolean spills = spilled.spills() > 0;
    int widest = Math.max(Dot.termBits(terms), Widths.of(preload));
    if (spilled.value() != new Wrapping(register.wideBits()).load(exact)
        || spills == (outcome.at(register.bits()) == OverflowClass.CLEAN)
        || profile.spilling(register.bits()) != (spills ? 1 : 0)
        || widest <= register.bits()
            && profile.leastSpills(register.bits()) > spilled.spills()) { // half a million times
      fail(
          "%s %s %s from %d: %s, exact %d, %s"
              .formatted(
                  register, order, Arrays.toString(terms), preload, spilled, exact, outcome));
    }
  }

  /** Equal terms as wide as the register reach the bound up to the factor that its ends leave. */
  @Test
  void leastSpills_manyOfTheWidestTerm_isHalfReachedAtLeast() {
    long[] terms = new long[1000];
    Arrays.fill(terms, -128);
    OverflowProfile.Builder one = OverflowProfile.builder();
    SummationOrder order = new SummationOrder.Sequential();
    DotOutcome outcome = Dot.sum(new Exact(), order, terms);
    one.add(outcome.finalBits(), outcome.pathBits());
    long least = one.build().leastSpills(8);
    long spills = SpillDot.sum(new Spilling(8, 32), order, terms, 0).spills();
    assertThat(spills).isEqualTo(999);
    assertThat(least).isEqualTo(511); // −128,000 has 18 bits
  }

  @Test
  void spilling_textAndQuestions_areThoseOfTheRegister() {
    Summation summation = Summation.parse("int12:spill(32):chunk(16)");
    assertThat(summation.accumulator()).isEqualTo(new Spilling(12, 32));
    assertThat(summation).hasToString("int12:spill(32):chunk(16)");
    assertThat(Summation.parseWidths("int8-10:spill(16)")).hasSize(3);
    assertThat(summation.accumulator().endsExact(32, 60)).isTrue();
    assertThat(summation.accumulator().endsExact(33, 60)).isFalse();
    assertThat(Summation.parse("int12:spill(32)").wayInWords()).isEqualTo("spilling into 32 bits");
    assertThatThrownBy(() -> Summation.parse("int12:spill(8)"))
        .hasMessageContaining("at least as wide, got 8 bits");
    assertThatThrownBy(() -> Summation.parse("int12:spill")).hasMessageContaining("spill(Q)");
    assertThatThrownBy(() -> Summation.parse("int12:spill(32):chunk(4,int32)"))
        .hasMessageContaining("takes no outer register");
  }
}
