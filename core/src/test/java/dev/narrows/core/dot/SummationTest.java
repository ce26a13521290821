package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.SummationOrder.Chunked;
import dev.narrows.core.dot.SummationOrder.SortedTiles;
import dev.narrows.core.format.FloatingFormat;
import java.util.List;
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
        "int32:wrap:lanes(i16s*2+i16s*8/16)",
        "int32:saturate:lanes(i16*2/8+i32):zero(raw)",
        "int32:wrap:lanes(i16s)",
        "int12:resolved",
        "int12:resolved:sorted",
        "int12:resolved(transient)",
        "int12:resolved(transient):reversed",
        "int12:saturate:sorted:zero(offset):bias(after)",
        "int12:saturate:bias(preload)",
        "m7e4(12)/m7e4(10)",
        "m7e4(12)/m10e4(10):chunk(32)",
        "m4e3(6)",
        "m4e3(-2):sequential",
        "m5e3(6)/m5e3(4):reversed",
        "m5e3(6)/m5e3(4):no-underflow",
        "m5e3(6)/m5e3(4):no-underflow:ascending",
        "fp16",
        "bf16:chunk(16)",
        "fp32/bf16:reversed",
        "fp16:promote(128)",
        "m7e4(12)/m7e4(10):promote(32)",
        "m4e3(6):nearest:reversed",
        "fused(32,13):e8m13",
        "fused(16,25):fp32:bf16:promote(128)",
        "fp16:splitk(4)",
        "fused(32,25):fp32:mx(e4m3)",
        "blocks(64,35):fp32:nv(e2m1)",
        "pairwise-flushed(4):fp32:bf16",
        "fused(16,25):fp32:bf16:splitk(3)",
        "fused(4,23):fp16:fp16:reversed",
        "floored-pairs(16,24):fp32:e5m2fnuz",
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
        "int32:wrap:lanes(vpmaddubsw+paddsw,8):zero(raw)"
            + " | int32:wrap:lanes(i16s*2+i16s*8/16):zero(raw)",
        "int32:wrap:lanes(vpmaddubsw+paddsw) | int32:wrap:lanes(i16s*2+i16s/16)",
        "int32:wrap:lanes(smull+smlal+sadalp) | int32:wrap:lanes(i16*999999999/8+i32)",
        "int32:wrap:lanes(smull+smlal+sadalp, 2) | int32:wrap:lanes(i16*2/8+i32)",
        "int32:wrap:lanes(i16 saturate: add 2 products; i16: add n by stride 4,3):bias(preload)"
            + " | int32:wrap:lanes(i16s*2+i16*3/4):bias(preload)",
        "int012:wrap | int12:wrap",
        "int12:saturate:bias(after):sorted | int12:saturate:sorted:bias(after)",
        "int12:wrap:bias(after):zero(raw) | int12:wrap:zero(raw):bias(after)",
        "m7e4 | m7e4(12)/m7e4(10)",
        "m7e4(12)/m7e4(10):chunk(16) | m7e4(12)/m7e4(10)",
        "m4e3(6)/m4e3(6):sequential:no-underflow | m4e3(6):no-underflow:sequential",
        "m10e5 | m10e5(20)/m10e5(18)",
        "m6e5:chunk(8) | m6e5(20)/m6e5(18):chunk(8)",
        "fp32/fp32 | fp32",
        "fp16:chunk(16,fp32) | fp16:promote(16)",
        "m7e4:nearest | m7e4(12)/m7e4(10):nearest",
        "m4e3(6):sequential:no-underflow:nearest | m4e3(6):nearest:no-underflow:sequential",
        "fused(8,24):fp32:fp32 | fused(8,24):fp32",
        "hopper-fp8 | fused(32,13):e8m13:scaled(e4m3)",
        "hopper-fp8:promote(64) | fused(32,13):e8m13:scaled(e4m3):promote(64)",
        "deepgemm-fp8 | fused(32,13):e8m13:scaled(e4m3):promote(128)",
        "mi300-xf32 | floored(4,24):fp32:tf32",
        "e8m13 | m13e8(127)",
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
    assertThat(Summation.parse("m7e4:no-underflow"))
        .isEqualTo(
            new Summation(
                new FloatingAccumulator(
                    new FloatingFormat(7, 4, 12), new FloatingFormat(7, 4, 10), false),
                new Chunked(16)));
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
        "exact:lanes(vpmaddubsw) | exact has no lanes before it",
        "int16:resolved:lanes(vpmaddubsw) | has no lanes before it",
        "m7e4:lanes(vpmaddubsw) | has no lanes before it",
        "int32:wrap:lanes | lanes(vpmaddubsw+paddsw,n)",
        "int32:wrap:lanes() | found \"\"",
        "int32:wrap:lanes(vpmadd) | found \"vpmadd\"",
        "int32:wrap:lanes(vpmaddubsw,3) | leaves no length open",
        "int32:wrap:lanes(vpmaddubsw+paddsw,0) | at least 1 item",
        "int32:wrap:lanes(i16*n@-3..3,4) | start at 0",
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
        "int12:saturate:chunk(4,32) | an integer register int<P> in the brackets",
        "int12:saturate:chunk(4,fp32) | an integer register int<P> in the brackets",
        "int12:wrap:promote(4) | an integer register int<P> in the brackets",
        "exact:promote(4) | outer register",
        "fp16:nearest | rounds to nearest already",
        "fp16:no-underflow | with subnormals",
        "fp16/m7e4(12) | found \"fp16\"",
        "fp64 | exact",
        "m7e4:promote(0) | at least 1",
        "fused(32,25):fp32:nv(e4m3) | nv(…) scales the operands of blocks(g,F)",
        "fused(48,25):fp32:mx(e4m3) | must divide 32, got fused(48,…)",
        "blocks(64,35):fp32:e2m1 | takes mx(e2m1) operands",
        "blocks(48,35):fp32:mx(e2m1) | g a multiple of 32",
        "blocks(64,35):fp16:mx(e2m1) | holds fp32",
        "pairwise(3):fp32:fp16 | 2, 4, 8 … at once, got 3",
        "pairwise(4,23):fp32 | products alone, as in pairwise(4):fp32",
        "m7e4:splitk(0) | number of parts must be at least 1, got 0",
        "int12:wrap:splitk(4) | an integer register int<P> in the brackets",
        "fused | as in fused(32,13):e8m13",
        "fused(32):e8m13 | as in fused(32,13):e8m13",
        "fused(32,13) | what the register holds after it: fp32, e8m13, fp16",
        "fused(32,13):bf16 | what the register holds: fp32, e8m13, fp16",
        "fused(0,13):fp32 | 1 to 1024 products",
        "fused(4,41):fp32 | 1 to 40 fraction bits",
        "fused(32,13):e8m13:e3m4 | an order",
        "fused(32,13):e8m13:scaled(e3m4) | a format of operands in the brackets",
        "fused(32,13):e8m13:e4m3:e4m3 | an order",
        "fused(32,13):e8m13:chunk(64) | sequential, reversed, chunk(n,fp32), promote(n), splitk(n)",
        "fused(32,13):e8m13:chunk(64,int32) | promoted to binary32 alone",
        "fused(32,13):e8m13:ascending | adds groups of terms",
        "fused(32,13):e8m13:zero(raw) | an order",
        "floored(8,24):fp16 | holds fp32",
        "hopper-fp4 | exact",
        "deepgemm-fp8:promote(64) | more than one order",
        "exact:chunk(4,fp32) | outer register",
        "e8m13:chunk(128,int32) | in its own format and takes no outer register",
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
        "int | m7e4(12)/m7e4(10)",
        "m5e4 | its exponent bias with it, as m5e4(12)",
        "m5e4(9)/m5e4 | its exponent bias with it, as m5e4(12)",
        "m7e4/m7e4(10) | found \"m7e4\"",
        "m7e4(12)/m7e4(10)/m7e4(9) | one format for both",
        "m7e4(12)/fp16 | found \"fp16\"",
        "m7e4(12,10) | expected m7e4(12)",
        "m24e4(3) | mantissa width must be in [1, 23] bits",
        "m0e4(3) | mantissa width must be in [1, 23] bits",
        "m4e9(3) | exponent width must be in [2, 8] bits",
        "m4e3(134) | in [-127, 133]",
        "m7e4:chunk(0) | chunk size must be at least 1",
        "m7e4:chunk(16,int32) | in its own format",
        "m7e4:sorted | sequential, reversed, chunk(n), chunk(n,fp32), promote(n), splitk(n), ascending",
        "m7e4:sign-directed | sequential, reversed, chunk(n), chunk(n,fp32), promote(n), splitk(n), ascending",
        "m7e4:bias(after) | no-underflow",
        "m7e4:no-underflow:no-underflow | more than once",
        "m7e4:chunk(4):sequential | more than one order",
        "m7e4:saturate | no-underflow",
      })
  void parse_badText_quotesItAndSaysWhatWasExpected(String text, String expectation) {
    assertThatExceptionOfType(AccumulatorTextException.class)
        .isThrownBy(() -> Summation.parse(text))
        .withMessageContaining("accumulator \"" + text + "\"")
        .withMessageContaining(expectation);
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8-20:saturate:sorted:zero(raw)", "int2-62:wrap", "int9-9:resolved"})
  void parseWidths_aRange_isTheTextOfEveryWidth(String text) {
    int from = Integer.parseInt(text.substring(3, text.indexOf('-')));
    String rest = text.substring(text.indexOf(':'));
    List<Summation> all = Summation.parseWidths(text);
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i)).isEqualTo(Summation.parse("int" + (from + i) + rest));
    }
    assertThat(text).contains("-" + all.getLast().accumulator().bits() + ":");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int9-8:wrap | runs upwards",
        "int2-63:wrap | [2, 62]",
        "int1-8:wrap | [2, 62]",
        "int8-9:clip | found \"clip\"",
        "int8-x:wrap | found \"int8-x\"",
      })
  void parseWidths_badText_quotesItAndSaysWhatWasExpected(String text, String expectation) {
    assertThatExceptionOfType(AccumulatorTextException.class)
        .isThrownBy(() -> Summation.parseWidths(text))
        .withMessageContaining("accumulator \"" + text + "\"")
        .withMessageContaining(expectation);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact", "int9:wrap", "int9:saturate:sorted:zero(raw)", "m7e4:chunk(3)"})
  void parseWay_ofAnyWay_isTheSummation(String text) {
    Summation summation = Summation.parse(text);
    assertThat(Summation.parseWay(summation.way(), summation.accumulator().bits()))
        .isEqualTo(summation);
  }

  @Test
  void parseIn_orderAndConventions_goIntoTheRegister() {
    assertThat(Summation.parseIn(new Saturating(9), "sorted:bias(preload)"))
        .hasToString("int9:saturate:sorted:bias(preload)");
    assertThatExceptionOfType(AccumulatorTextException.class)
        .isThrownBy(() -> Summation.parseIn(new Saturating(9), "srted"))
        .withMessageContaining("\"srted\"");
  }

  @Test
  void forms_ofAllOrders_areReadAsWritten() {
    for (String form : OrderForms.all().split(", (?![^(]*\\))")) {
      String text = "int9:saturate:" + form.replaceAll("\\b[nTr]\\b", "4");
      assertThat(Summation.parse(text).order()).as(form).isNotNull();
    }
    assertThat(OrderForms.forFloats())
        .isEqualTo(
            "sequential, reversed, chunk(n), chunk(n,fp32), promote(n), splitk(n), ascending");
  }

  @Test
  void summation_floatingWithConventions_isRefused() {
    Summation floating = Summation.parse("m7e4");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new Summation(
                floating.accumulator(),
                floating.order(),
                Optional.empty(),
                Optional.of(BiasPlacement.AFTER)))
        .withMessageContaining("no conventions");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Summation.parse("exact:tiles(4)").with(floating.accumulator()))
        .withMessageContaining("not tiles(4)");
  }

  @Test
  void summation_exactWithAnOuterRegister_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Summation(new Exact(), new Chunked(4, OptionalInt.of(32))));
  }
}
