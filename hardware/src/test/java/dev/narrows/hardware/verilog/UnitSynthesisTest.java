package dev.narrows.hardware.verilog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.hardware.tools.HardwareTool;
import dev.narrows.hardware.verilog.UnitSynthesis.SynthesisUnit;
import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("thorough")
class UnitSynthesisTest {
  private static final int DEPTH = 8;

  @Test
  void of_moreThresholdsThanAreBuilt_comesNearTheUnitThatIsBuilt() {
    Tools.require(HardwareTool.YOSYS);
    var unit = new SynthesisUnit(2, 2, 2, 6, 20);
    assertThat(unit.extended()).isTrue();
    Synthesis built = Synthesis.of(Synthesis.datapath(2, 2, 2, 6, 20, DEPTH), "unit");
    Synthesis extended = new UnitSynthesis(DEPTH, Duration.ofMinutes(2)).of(unit).orElseThrow();
    assertThat(extended.luts()).isCloseTo(built.luts(), Percentage.withPercentage(15));
    assertThat(extended.transistors())
        .isCloseTo(built.transistors(), Percentage.withPercentage(15));
  }

  @Test
  void of_noTimeAtAll_isLeftOut() {
    Tools.require(HardwareTool.YOSYS);
    assertThat(new UnitSynthesis(DEPTH, Duration.ofMillis(1)).of(new SynthesisUnit(2, 2, 2, 6, 0)))
        .isEmpty();
  }
}
