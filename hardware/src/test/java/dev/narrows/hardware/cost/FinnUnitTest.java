package dev.narrows.hardware.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FinnUnitTest {
  /** 4-bit weights and inputs, four terms at once, one channel at once of 16. */
  private static FinnUnit unit(int outputBits) {
    return new FinnUnit(16, 64, 1, 4, 4, 4, outputBits);
  }

  /** LUT and LUT-RAM by yosys 0.23 for a 7-series device without DSP blocks. */
  @ParameterizedTest
  @CsvSource({
    "4, 730, 439, 346",
    "6, 2653, 1501, 1123",
  })
  void variableLuts_besideSynthesis_haveItsRatios(int outputBits, int at32, int at16, int at12) {
    FinnUnit unit = unit(outputBits);
    double wide = unit.variableLuts(32);
    assertThat(wide / unit.variableLuts(16)).isCloseTo((double) at32 / at16, within(0.18));
    assertThat(wide / unit.variableLuts(12)).isCloseTo((double) at32 / at12, within(0.18));
    assertThat(wide / at32).isBetween(1.6, 2.0); // the formula counts too many LUTs, evenly
  }

  /**
   * mult 96, tree 56, acc 32, thr 480, comp 480; weights in LUTs: 1·4·4·⌈256/64⌉ if not too deep.
   */
  @Test
  void luts_handWorkedUnit_addUpTheTermsOfTheFormula() {
    assertThat(unit(4).luts(32)).isCloseTo(300 + 1.1 * (96 + 56 + 32 + 480 + 480), within(1e-9));
    FinnUnit shallow = new FinnUnit(4, 64, 1, 4, 4, 4, 4);
    assertThat(shallow.luts(32) - unit(4).luts(32)).isCloseTo(4 * 4, within(1e-9));
    assertThat(shallow.bram18()).isZero();
  }

  @Test
  void spillingLuts_areThoseOfBothRegistersAndAChoice() {
    FinnUnit unit = unit(0);
    assertThat(unit.spillingLuts(12, 32) - unit.luts(32)).isCloseTo(1.1 * 24, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "16384, 1, 1", "16385, 1, 2", "8193, 2, 2", "4096, 4, 1", "4097, 3, 2", "2048, 9, 1",
    "2049, 9, 2", "1024, 18, 1", "1024, 19, 2", "512, 36, 1", "512, 37, 2", "513, 36, 2"
  })
  void bram18_shapeOfTheTable_givesTheRow(long depth, int width, long blocks) {
    assertThat(FinnUnit.bram18(depth, width)).isEqualTo(blocks);
  }

  @Test
  void fold_anySize_isTheLargestDivisorBelow() {
    assertThat(FinnUnit.fold(27, 4)).isEqualTo(3);
    assertThat(FinnUnit.fold(64, 64)).isEqualTo(64);
    assertThat(FinnUnit.fold(7, 6)).isEqualTo(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FinnUnit(10, 64, 3, 4, 4, 4, 4))
        .withMessageContaining("PE must divide 10 channels");
  }

  @Test
  void partialSums_movedBytes_followTheWidth() {
    PartialSums sums = new PartialSums(100, 130, 64); // three tiles: two writes, two reads
    assertThat(sums.moves()).isEqualTo(400);
    assertThat(sums.bytes(32)).isEqualTo(1600);
    assertThat(sums.bytes(12)).isEqualTo(600);
    assertThat(new PartialSums(100, 64, 64).moves()).isZero();
    assertThat(MemoryLevel.SRAM32K.picojoules(64)).isEqualTo(20);
  }

  /** LBA: 63 % fewer gates than fp32 by the paper's own count; 57 % by synthesis. */
  @Test
  void floatGates_m7e4BesideFp32_isNearThePaper() {
    double fewer = 1 - (double) FloatUnitGates.of(7, 4).gates() / FloatUnitGates.of(23, 8).gates();
    assertThat(fewer).isBetween(0.58, 0.65);
    assertThat(FloatUnitGates.of(7, 4).gates()).isLessThan(FloatUnitGates.of(10, 5).gates());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 8})
  void lutsOfABit_isTheSlopeOfTheFormula(int outputBits) {
    FinnUnit unit = new FinnUnit(96, 36, 1, 4, 8, 8, outputBits);
    for (int bits = 2; bits < 32; bits++) {
      assertThat(unit.luts(bits + 1) - unit.luts(bits)).isCloseTo(unit.lutsOfABit(), within(1e-9));
    }
  }
}
