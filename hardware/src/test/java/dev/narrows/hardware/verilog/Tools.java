package dev.narrows.hardware.verilog;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narrows.hardware.tools.HardwareTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Programs of others in tests: without them a test is skipped; CI requires them. */
final class Tools {
  private Tools() {}

  static void require(HardwareTool tool) {
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(tool.find().isPresent(), "skipped: no " + tool);
    }
    tool.require();
  }

  /** What a testbench of the library prints. */
  static String simulate(Path folder, String bench) throws IOException {
    Files.writeString(folder.resolve("narrows.v"), VerilogProject.library());
    Files.writeString(folder.resolve("bench.v"), bench);
    return run(folder, List.of("narrows.v", "bench.v"));
  }

  /** What a testbench of these files prints; without a simulator the test is skipped. */
  static String run(Path folder, List<String> sources) {
    require(HardwareTool.IVERILOG);
    List<String> arguments = new java.util.ArrayList<>(List.of("-g2005", "-o", "a.vvp"));
    arguments.addAll(sources);
    HardwareTool.IVERILOG.succeed(folder, Duration.ofMinutes(2), arguments);
    return HardwareTool.VVP.succeed(folder, Duration.ofMinutes(5), List.of("-n", "a.vvp"));
  }
}
