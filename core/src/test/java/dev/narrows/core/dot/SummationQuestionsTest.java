package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.format.Widths;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What orders and registers say of themselves, against every dot product of a small size. */
class SummationQuestionsTest {
  private static final int LARGEST = 9; // terms of up to 5 bits
  private static final List<String> SUMMATIONS =
      List.of(
          "exact",
          "int4:wrap",
          "int4:saturate",
          "int4:saturate:reversed",
          "int4:saturate:chunk(2)",
          "int4:saturate:chunk(2,int5)",
          "int4:wrap:chunk(2,int5)",
          "int4:saturate:ascending",
          "int4:saturate:sorted",
          "int4:saturate:sorted(1)",
          "int4:saturate:tiles(2)",
          "int4:saturate:sign-directed",
          "int4:resolved",
          "int4:resolved(transient)",
          "int4:resolved(transient):sorted");

  /** Every dot product of three terms of at most {@value #LARGEST} in magnitude. */
  private interface EveryDot {
    void check(long[] terms);
  }

  private static void everyDot(EveryDot check) {
    for (int a = -LARGEST; a <= LARGEST; a++) {
      for (int b = -LARGEST; b <= LARGEST; b++) {
        for (int c = -LARGEST; c <= LARGEST; c++) {
          check.check(new long[] {a, b, c});
        }
      }
    }
  }

  @Test
  void isClampOfExactSum_saidYes_isWhatTheReferenceGives() {
    for (String text : SUMMATIONS) {
      Summation summation = Summation.parse(text);
      int bits = summation.accumulator().bits();
      everyDot(terms -> {
        if (summation.isClampOfExactSum(Dot.termBits(terms))) {
          long exact = terms[0] + terms[1] + terms[2];
          long clamped = bits == 64 ? exact : Math.clamp(exact, Widths.min(bits), Widths.max(bits));
          assertThat(Dot.sum(summation.accumulator(), summation.order(), terms).value())
              .as("%s of %s", summation, terms)
              .isEqualTo(clamped);
        }
      });
    }
  }

  @Test
  void neverTransient_saidYes_noDotProductIsTransient() {
    for (String text : SUMMATIONS) {
      Summation summation = Summation.parse(text);
      everyDot(terms -> {
        if (summation.neverTransient(Dot.termBits(terms))) {
          DotOutcome outcome = Dot.sum(new Exact(), summation.order(), terms);
          assertThat(outcome.at(summation.accumulator().bits()))
              .as("%s of %s", summation, terms)
              .isNotEqualTo(OverflowClass.TRANSIENT);
        }
      });
    }
  }

  @Test
  void endsExact_saidYes_theValueIsTheExactSum() {
    for (String text : SUMMATIONS) {
      Summation summation = Summation.parse(text);
      Accumulator accumulator = summation.accumulator();
      everyDot(terms -> {
        DotOutcome outcome = Dot.sum(accumulator, summation.order(), terms);
        if (summation.order().outerBits().isEmpty()
            && accumulator.endsExact(outcome.finalBits(), outcome.pathBits())) {
          assertThat(outcome.value())
              .as("%s of %s", summation, terms)
              .isEqualTo(terms[0] + terms[1] + terms[2]);
        }
      });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "int8:saturate:sorted, 8, true",
    "int8:saturate:sorted, 9, false",
    "int8:saturate:sorted(3), 8, false",
    "int8:saturate:sign-directed, 8, true",
    "int8:saturate:tiles(4), 8, false",
    "int8:saturate, 2, false",
    "int8:saturate:ascending, 2, false",
    "int8:wrap:sorted, 2, false",
    "int8:resolved, 20, true",
    "int8:resolved:chunk(2), 20, true",
    "'int8:resolved:chunk(2,int32)', 2, false",
    "'int8:saturate:chunk(2,int32)', 2, false",
    "int8:resolved(transient), 2, false",
    "m7e4, 2, false",
  })
  void isClampOfExactSum_eachOrder_asTheoremASays(String text, int termBits, boolean expected) {
    assertThat(Summation.parse(text).isClampOfExactSum(termBits)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact", "int4:resolved(transient)", "m7e4(12)/m7e4(10)", "int9:wrap"})
  void accumulator_asText_isTheTextOfItsSummation(String text) {
    assertThat(Summation.parse(text).accumulator()).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({
    "int9:saturate:sorted, saturate:sorted",
    "int12:saturate:sorted, saturate:sorted",
    "int9:wrap, wrap",
    "int9:resolved(transient):reversed:zero(raw), resolved(transient):reversed:zero(raw)",
    "exact:bias(preload), exact:bias(preload)",
    "m7e4:chunk(8), m7e4(12)/m7e4(10):chunk(8)",
  })
  void way_anyWidth_isTheTextWithoutIt(String text, String way) {
    assertThat(Summation.parse(text).way()).isEqualTo(way);
  }

  @Test
  void outerRegister_ofARegisterThatTakesNone_isRefusedWithOneReason() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Summation.parse("e8m13:chunk(128,int32)"))
        .withMessageContaining("takes no outer register: chunk(n)");
  }
}
