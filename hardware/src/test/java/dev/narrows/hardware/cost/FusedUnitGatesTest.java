package dev.narrows.hardware.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.dot.Summation;
import org.junit.jupiter.api.Test;

class FusedUnitGatesTest {
  private static FusedUnitGates of(String text) {
    return FusedUnitGates.of((FusedAccumulator) Summation.parse(text).accumulator());
  }

  /** Two products, by hand: exponents of 9 bits, shifts of 6 bits, a sum of 9. */
  @Test
  void gates_ofTwoProducts_areTheSumOfTheirParts() {
    FusedUnitGates unit = of("fused(2,4):fp32:e4m3");
    assertThat(unit.operandExponent()).isEqualTo(4);
    assertThat(unit.multipliers()).isEqualTo(2 * 16 * 8);
    assertThat(unit.exponentAdders()).isEqualTo(2 * 5 * 7);
    assertThat(unit.largestExponent()).isEqualTo(2 * 9 * 10);
    assertThat(unit.alignment()).isEqualTo(3 * (9 * 7 + 6 * 3 * 3));
    assertThat(unit.adders()).isEqualTo(2 * 9 * 7);
    assertThat(unit.normalisation()).isEqualTo(9 * 3 + 18 + 16 + 9 * 4 * 3);
    assertThat(unit.output()).isEqualTo(9 * 7);
    assertThat(unit.gates()).isEqualTo(256 + 70 + 180 + 351 + 126 + 169 + 63);
    assertThat(unit.gatesPerProduct()).isEqualTo(608);
  }

  @Test
  void gates_moreFractionBits_costMore() {
    assertThat(of("fused(32,25):fp32:e4m3").gates())
        .isGreaterThan(of("hopper-fp8").gates())
        .isLessThan(2 * of("hopper-fp8").gates());
    assertThat(of("hopper-fp8").gatesPerProduct())
        .isLessThan(of("fused(1,13):e8m13:e4m3").gatesPerProduct());
    assertThatIllegalArgumentException().isThrownBy(() -> of("mi300-fp8"));
  }
}
