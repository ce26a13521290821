package dev.narrows.hardware.verilog;

import dev.narrows.core.bound.ChannelCertificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Vectors for one unit with the outputs that {@code core} gives for them, and the testbench that
 * compares.
 */
final class UnitTestbench {
  private static final int WITNESSES = 4;
  private static final int RANDOM = 4;

  private final UnitLayer unit;
  private final List<int[]> vectors; // [groups · K] stored codes

  /**
   * @param data stored codes of real inputs, [groups · K] each; may be empty
   */
  UnitTestbench(UnitLayer unit, List<int[]> data) {
    this.unit = unit;
    this.vectors = new ArrayList<>();
    witnesses();
    random();
    vectors.addAll(data);
  }

  /** The inputs that take the widest channels to the ends of their ranges. */
  private void witnesses() {
    List<ChannelCertificate> certificates = new ArrayList<>();
    for (int c = 0; c < unit.channels().size(); c++) {
      certificates.add(unit.certificate(c));
    }
    certificates.stream()
        .filter(certificate -> certificate.witness().isPresent())
        .sorted((a, b) -> Integer.compare(b.bits(), a.bits()))
        .limit(WITNESSES)
        .forEach(certificate -> {
          long[] input = certificate.witness().orElseThrow().input();
          int[] all = new int[unit.groups() * unit.terms()];
          Arrays.setAll(all, i -> Math.toIntExact(input[i % input.length]));
          vectors.add(all);
        });
  }

  private void random() {
    Random random = new Random(unit.terms() * 31L + unit.channels().size());
    long low = unit.inputs().min() + unit.zero();
    long high = unit.inputs().max() + unit.zero();
    for (int i = 0; i < RANDOM; i++) {
      int[] all = new int[unit.groups() * unit.terms()];
      Arrays.setAll(all, k -> (int) random.nextLong(low, high + 1));
      vectors.add(all);
    }
  }

  Map<String, String> files() {
    StringBuilder in = new StringBuilder();
    StringBuilder out = new StringBuilder();
    int count = 0;
    for (int[] vector : vectors) {
      for (int fold = 0; fold < unit.folds(); fold++) {
        int from = unit.group(fold) * unit.terms();
        int[] input = Arrays.copyOfRange(vector, from, from + unit.terms());
        for (int step = 0; step < unit.steps(); step++) {
          long[] word = new long[unit.simd()];
          for (int s = 0; s < word.length; s++) {
            word[s] = input[step * unit.simd() + s];
          }
          in.append(VerilogText.hex(word, unit.codes().bits())).append('\n');
        }
        long[] sums = new long[unit.pe()];
        long[] codes = new long[unit.pe()];
        for (int p = 0; p < unit.pe(); p++) {
          sums[p] = unit.sum(fold * unit.pe() + p, input);
          codes[p] = unit.output(fold * unit.pe() + p, input);
        }
        // two words a fold: sums, then outputs
        out.append(VerilogText.hex(sums, unit.register().bits())).append('\n');
        out.append(VerilogText.hex(codes, unit.outputBits())).append('\n');
        count++;
      }
    }
    Map<String, String> files = new LinkedHashMap<>();
    files.put(unit.module() + "_in.hex", in.toString());
    files.put(unit.module() + "_out.hex", out.toString());
    files.put(unit.module() + "_tb.v", bench(count));
    return files;
  }

  private String bench(int results) {
    return """
    `timescale 1ns / 1ps
    // %d vectors: witnesses of the widest channels, random codes, inputs from data
    module %s_tb;
      localparam WORDS = %d;
      localparam RESULTS = %d;
      localparam XB = %d;
      localparam SB = %d;
      localparam OB = %d;
      localparam B = SB > OB ? SB : OB;
      reg clk = 1'b0, rst = 1'b1, in_valid = 1'b0;
      reg [XB-1:0] in;
      wire out_valid;
      wire [SB-1:0] sums;
      wire [OB-1:0] out;
      reg [XB-1:0] words[0:WORDS-1];
      reg [B-1:0] expected[0:2*RESULTS-1];
      integer i, seen = 0, wrong = 0;
      %s unit (.clk(clk), .rst(rst), .in_valid(in_valid), .in(in), .out_valid(out_valid),
          .out(out), .sums(sums));
      always #5 clk = !clk;
      always @(posedge clk)
        if (out_valid) begin
          if (sums !== expected[2*seen][SB-1:0] || out !== expected[2*seen+1][OB-1:0]) begin
            wrong = wrong + 1;
            if (wrong <= 10)
              $display("result %%0d: sums %%h, out %%h, expected %%h, %%h", seen, sums, out,
                  expected[2*seen][SB-1:0], expected[2*seen+1][OB-1:0]);
          end
          seen = seen + 1;
        end
      initial begin
        $readmemh("%s_in.hex", words);
        $readmemh("%s_out.hex", expected);
        repeat (3) @(negedge clk);
        rst = 1'b0;
        for (i = 0; i < WORDS; i = i + 1) begin
          if (i %% 7 == 5) begin  // a cycle without input
            in_valid = 1'b0;
            @(negedge clk);
          end
          in_valid = 1'b1;
          in = words[i];
          @(negedge clk);
        end
        in_valid = 1'b0;
        repeat (6) @(negedge clk);
        if (wrong == 0 && seen == RESULTS) $display("PASS %s: %%0d results", seen);
        else $display("FAIL %s: %%0d of %%0d results wrong, %%0d expected", wrong, seen, RESULTS);
        $finish;
      end
    endmodule
    """
        .formatted(
            vectors.size(),
            unit.module(),
            results * unit.steps(),
            results,
            unit.simd() * unit.codes().bits(),
            unit.pe() * unit.register().bits(),
            unit.pe() * unit.outputBits(),
            unit.module(),
            unit.module(),
            unit.module(),
            unit.module(),
            unit.module());
  }
}
