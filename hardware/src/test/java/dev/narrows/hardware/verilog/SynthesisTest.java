package dev.narrows.hardware.verilog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.hardware.tools.HardwareTool;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SynthesisTest {
  @Test
  @Tag("slow")
  void of_smallUnit_shrinksWithItsRegister() {
    Tools.require(HardwareTool.YOSYS);
    Synthesis wide = Synthesis.of(Synthesis.datapath(2, 2, 2, 16, 3, 16), "unit");
    Synthesis narrow = Synthesis.of(Synthesis.datapath(2, 2, 2, 8, 3, 16), "unit");
    assertThat(wide.luts()).isBetween(60L, 200L);
    assertThat(narrow.luts()).isBetween(20L, wide.luts() * 3 / 4);
    assertThat(narrow.transistors()).isLessThan(wide.transistors());
  }

  @Test
  void luts_statisticsOfYosys_countMemoriesBySlices() {
    assertThat(
            Synthesis.luts(
                """
                   Number of cells:                 20
                     CARRY4                          3
                     FDRE                            4
                     INV                             1
                     LUT2                            5
                     LUT6                            2
                     RAM32M                          2
                     RAM64X1D                        1
                """))
        .isEqualTo(5 + 2 + 8 + 2);
  }
}
