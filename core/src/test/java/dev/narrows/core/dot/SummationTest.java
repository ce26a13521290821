package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.SummationOrder.Chunked;
import dev.narrows.core.dot.SummationOrder.SortedTiles;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SummationTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "exact",
        "exact:sorted",
        "exact:zero(raw):bias(preload)",
        "int2:wrap",
        "int62:saturate",
        "int12:saturate:reversed",
        "int12:saturate:chunk(16)",
        "int12:saturate:chunk(16,int32)",
        "int12:wrap:chunk(1)",
        "int12:saturate:ascending",
        "int12:saturate:sorted",
        "int12:saturate:sorted(1)",
        "int12:saturate:tiles(16,1)",
        "int12:saturate:tiles(16)",
        "int12:saturate:sign-directed",
        "int12:resolved",
        "int12:resolved:sorted",
        "int12:resolved(transient)",
        "int12:resolved(transient):reversed",
        "int12:saturate:sorted:zero(offset):bias(after)",
        "int12:saturate:bias(preload)",
      })
  void parse_canonicalText_printsAsItself(String text) {
    Summation summation = Summation.parse(text);
    assertThat(summation).hasToString(text);
    assertThat(Summation.parse(summation.toString())).isEqualTo(summation);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int12:saturate:sequential | int12:saturate",
        " int12:saturate  | int12:saturate",
        "int012:wrap | int12:wrap",
        "int12:saturate:bias(after):sorted | int12:saturate:sorted:bias(after)",
        "int12:wrap:bias(after):zero(raw) | int12:wrap:zero(raw):bias(after)",
      })
  void parse_otherSpelling_printsTheCanonicalText(String text, String canonical) {
    assertThat(Summation.parse(text)).hasToString(canonical);
  }

  @Test
  void parse_eachPart_givesTheRecords() {
    assertThat(Summation.parse("exact")).isEqualTo(Summation.exact());
    assertThat(Summation.parse("int9:wrap:chunk(4,int20):zero(raw):bias(preload)"))
        .isEqualTo(
            new Summation(
                new Wrapping(9),
                new Chunked(4, OptionalInt.of(20)),
                Optional.of(ZeroPointConvention.RAW),
                Optional.of(BiasPlacement.PRELOAD)));
    assertThat(Summation.parse("int9:resolved(transient):tiles(8,2)"))
        .isEqualTo(new Summation(new Resolved(9, true), new SortedTiles(8, OptionalInt.of(2))));
    assertThat(Summation.parse("exact:sorted(3)").with(new Saturating(5)))
        .hasToString("int5:saturate:sorted(3)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | exact",
        "int | exact",
        "int12 | wrap, saturate, resolved",
        "int12: | wrap, saturate, resolved",
        "int12:clip | clip",
        "int1:wrap | [2, 62]",
        "int63:saturate | [2, 62]",
        "int9999999999:wrap | expected",
        "uint8:wrap | exact",
        "exact:wrap | an order",
        "exact:chunk(4,int32) | outer register",
        "INT12:WRAP | exact",
        "int12:saturate: | an order",
        "int12:saturate:sort | an order",
        "int12:saturate:sorted() | whole number",
        "int12:saturate:sorted(0) | at least 1",
        "int12:saturate:sorted(1,2) | an order",
        "int12:saturate:sorted(x) | whole number",
        "int12:saturate:sorted(-1) | an order",
        "int12:saturate:chunk | an order",
        "int12:saturate:chunk(0) | at least 1",
        "int12:saturate:chunk(4,32) | chunk(n,int<P>)",
        "int12:saturate:chunk(4,int1) | [2, 62]",
        "int12:saturate:chunk(9999999999) | nine digits",
        "int12:saturate:tiles(4,0) | at least 1",
        "int12:saturate:tiles(0,1) | at least 1",
        "int12:saturate:ascending(1) | an order",
        "int12:saturate:sorted:reversed | more than one order",
        "int12:saturate:zero(raw):zero(raw) | more than one zero",
        "int12:saturate:bias(after):bias(preload) | more than one bias",
        "int12:saturate:zero(in) | zero(raw) or zero(offset)",
        "int12:saturate:bias | bias(after) or bias(preload)",
        "int12:resolved(all) | resolved(all)",
        "int12:saturate sorted | wrap, saturate",
      })
  void parse_badText_quotesItAndSaysWhatWasExpected(String text, String expectation) {
    assertThatExceptionOfType(AccumulatorTextException.class)
        .isThrownBy(() -> Summation.parse(text))
        .withMessageContaining("accumulator \"" + text + "\"")
        .withMessageContaining(expectation);
  }

  @Test
  void summation_exactWithAnOuterRegister_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Summation(new Exact(), new Chunked(4, OptionalInt.of(32))));
  }
}
