package dev.narrows.hardware.tools;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HardwareToolTest {
  @Test
  void require_missingTool_namesThePackageThatBringsIt() {
    assertThatThrownBy(() -> HardwareTool.VVP.require("/nowhere:"))
        .isInstanceOf(HardwareToolException.class)
        .hasMessage(
            "vvp was not found on the PATH; the Debian package iverilog brings it (apt-get install"
                + " iverilog)");
  }
}
