package dev.narrows.hardware.verilog;

import dev.narrows.hardware.tools.HardwareTool;
import dev.narrows.hardware.tools.HardwareToolException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What yosys makes of a module: LUTs of a Xilinx 7-series device without DSP blocks, and its
 * estimate of transistors in static CMOS.
 *
 * @param luts of logic, and those that are memories
 * @param transistors registers included
 */
public record Synthesis(long luts, long transistors) {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Pattern CELL =
      Pattern.compile("^\\s+(LUT[1-6]|RAM\\w+|INV)\\s+(\\d+)\\s*$", Pattern.MULTILINE);
  private static final Pattern TRANSISTORS =
      Pattern.compile("Estimated number of transistors:\\s+(\\d+)");

  /**
   * Synthesises a module twice.
   *
   * @param verilog its text, the library left out
   * @throws HardwareToolException if yosys is missing, fails or takes more than ten minutes
   */
  public static Synthesis of(String verilog, String top) {
    return of(verilog, top, LIMIT);
  }

  /** The same with another limit for each of the two runs. */
  static Synthesis of(String verilog, String top, Duration limit) {
    return new Synthesis(lutsOf(verilog, top, limit), transistorsOf(verilog, top, limit));
  }

  /** The LUTs alone. */
  static long lutsOf(String verilog, String top, Duration limit) {
    return luts(
        statistics(
            verilog,
            limit,
            "synth_xilinx -family xc7 -nodsp -noiopad -noclkbuf -flatten -top "
                + top
                + "; tee -a out.txt stat"));
  }

  /** The transistors alone. */
  static long transistorsOf(String verilog, String top, Duration limit) {
    return transistors(
        statistics(
            verilog,
            limit,
            "synth -flatten -top "
                + top
                + "; abc -g cmos; opt_clean; tee -a out.txt stat -tech cmos"));
  }

  private static String statistics(String verilog, Duration limit, String script) {
    try {
      Path folder = Files.createTempDirectory("narrows-synthesis");
      try {
        Files.writeString(folder.resolve("narrows.v"), VerilogProject.library());
        Files.writeString(folder.resolve("unit.v"), verilog);
        return yosys(folder, limit, "read_verilog narrows.v unit.v; " + script);
      } finally {
        VerilogProject.remove(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String yosys(Path folder, Duration limit, String script) throws IOException {
    Path out = folder.resolve("out.txt");
    Files.deleteIfExists(out);
    HardwareTool.YOSYS.succeed(folder, limit, List.of("-q", "-p", script));
    return Files.readString(out);
  }

  /** A quad-port memory of one slice takes four LUTs, a dual-port one two, others one or two. */
  static long luts(String statistics) {
    long luts = 0;
    for (MatchResult cell : CELL.matcher(statistics).results().toList()) {
      String name = cell.group(1);
      long count = Long.parseLong(cell.group(2));
      long each =
          switch (name) {
            case "INV" -> 0; // absorbed by the LUT behind it
            case "RAM32M", "RAM64M" -> 4;
            case "RAM32X1D", "RAM64X1D" -> 2;
            case "RAM128X1D" -> 4;
            default -> 1;
          };
      luts += count * each;
    }
    return luts;
  }

  private static long transistors(String statistics) {
    Matcher matcher = TRANSISTORS.matcher(statistics);
    if (!matcher.find()) {
      throw new HardwareToolException("yosys printed no number of transistors");
    }
    return Long.parseLong(matcher.group(1));
  }

  /**
   * A unit of FINN's kind, one channel at once, its weights given and its thresholds in a memory
   * that is written at run time; a register stands between multipliers and tree, else yosys merges
   * them.
   *
   * @param thresholds 0 without
   * @param depth channels that share the unit
   */
  public static String datapath(
      int weightBits, int inputBits, int simd, int bits, int thresholds, int depth) {
    int product = weightBits + inputBits + 1;
    int tree = product + VerilogText.indexBits(simd);
    int address = VerilogText.indexBits(depth);
    return """
    module unit (
        input wire clk, input wire first, input wire [%d:0] x, input wire [%d:0] w,
        input wire write, input wire [%d:0] address, input wire [%d:0] data,
        output reg [%d:0] code, output reg signed [%d:0] held
    );
      reg [%d:0] products;
      reg signed [%d:0] tree;
      wire signed [%d:0] next;
      integer i;
      genvar s;
      generate
        for (s = 0; s < %d; s = s + 1) begin : lane
          wire signed [%d:0] input_value = {1'b0, x[s*%d+:%d]};
          wire signed [%d:0] weight = w[s*%d+:%d];
          wire signed [%d:0] product = input_value * weight;
          always @(posedge clk) products[s*%d+:%d] <= product;
        end
      endgenerate
      always @* begin
        tree = 0;
        for (i = 0; i < %d; i = i + 1) tree = tree + $signed(products[i*%d+:%d]);
      end
      narrows_accumulate #(.P(%d), .T(%d)) add (.held(first ? %d'd0 : held), .term(tree), .next(next));
      always @(posedge clk) held <= next;
    %s
    endmodule
    """
        .formatted(
            simd * inputBits - 1,
            simd * weightBits - 1,
            address - 1,
            Math.max(1, thresholds * bits) - 1,
            VerilogText.indexBits(thresholds + 1) - 1,
            bits - 1,
            simd * product - 1,
            tree - 1,
            bits - 1,
            simd,
            inputBits,
            inputBits,
            inputBits,
            weightBits - 1,
            weightBits,
            weightBits,
            product - 1,
            product,
            product,
            simd,
            product,
            product,
            bits,
            tree,
            bits,
            thresholds == 0
                ? "  always @(posedge clk) code <= 0;"
                : comparators(bits, thresholds, depth));
  }

  private static String comparators(int bits, int thresholds, int depth) {
    return """
      (* ram_style = "distributed" *) reg [%d:0] memory[0:%d];
      always @(posedge clk) if (write) memory[address] <= data;
      wire [%d:0] row = memory[address];
      reg [%d:0] count;
      integer n;
      always @* begin
        count = 0;
        for (n = 0; n < %d; n = n + 1) count = count + ($signed(row[n*%d+:%d]) <= held);
      end
      always @(posedge clk) code <= count;
    """
        .formatted(
            thresholds * bits - 1,
            depth - 1,
            thresholds * bits - 1,
            VerilogText.indexBits(thresholds + 1) - 1,
            thresholds,
            bits,
            bits);
  }
}
