package dev.narrows.hardware.verilog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.SpillDot;
import dev.narrows.core.dot.SpillOutcome;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.FloatingFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library's registers beside {@code core}, step by step. */
class RegisterModulesTest {
  private static final int TERMS = 12;
  private static final int ROWS = 60;

  @TempDir private Path folder;

  /** Rows of terms in term.hex, [ROWS][TERMS]. */
  private long[][] terms(int bits) throws IOException {
    Random random = new Random(7);
    long[][] rows = new long[ROWS][TERMS];
    StringBuilder text = new StringBuilder();
    for (long[] row : rows) {
      for (int k = 0; k < TERMS; k++) {
        long reach = 1L << (random.nextInt(bits - 2) + 1);
        row[k] = random.nextInt(5) == 0 ? 0 : random.nextLong(-reach, reach);
        text.append(VerilogText.hex(new long[] {row[k]}, bits)).append('\n');
      }
    }
    Files.writeString(folder.resolve("term.hex"), text.toString());
    return rows;
  }

  @Test
  void spill_randomRows_endsAndSpillsAsTheReference() throws IOException {
    for (int bits : new int[] {6, 10}) { // terms of 9 bits do not fit 6
      long[][] rows = terms(9);
      String printed =
          Tools.simulate(
              folder,
              """
              module tb;
                reg clk = 0, clear = 1, valid = 0;
                reg signed [8:0] term;
                wire signed [11:0] sum;
                wire [31:0] spills;
                reg [8:0] words[0:%d];
                integer i, k;
                narrows_spill #(.P(%d), .Q(12), .T(9)) unit (.clk(clk), .clear(clear),
                    .valid(valid), .term(term), .sum(sum), .spills(spills));
                always #5 clk = !clk;
                initial begin
                  $readmemh("term.hex", words);
                  for (i = 0; i < %d; i = i + 1) begin
                    clear = 1; valid = 0;
                    @(negedge clk);
                    clear = 0; valid = 1;
                    for (k = 0; k < %d; k = k + 1) begin
                      term = words[i * %d + k];
                      @(negedge clk);
                    end
                    $display("%%0d %%0d", sum, spills);
                  end
                  $finish;
                end
              endmodule
              """
                  .formatted(ROWS * TERMS - 1, bits, ROWS, TERMS, TERMS));
      StringBuilder expected = new StringBuilder();
      for (long[] row : rows) {
        SpillOutcome outcome =
            SpillDot.sum(new Spilling(bits, 12), new SummationOrder.Sequential(), row, 0);
        expected.append("%d %d%n".formatted(outcome.value(), outcome.spills()));
      }
      assertThat(printed.strip()).isEqualTo(expected.toString().strip());
    }
  }

  @Test
  void signDirected_rowsThatFitTheQueues_endAsTheReference() throws IOException {
    long[][] rows = terms(7);
    String printed =
        Tools.simulate(
            folder,
            """
            module tb;
              reg clk = 0, clear = 1, valid = 0, ended = 0;
              reg signed [6:0] term;
              wire ready, done;
              wire signed [6:0] held;
              reg [6:0] words[0:%d];
              integer i, k;
              narrows_sign_directed #(.P(7), .T(7), .D(16), .A(4)) unit (.clk(clk), .clear(clear),
                  .valid(valid), .term(term), .ended(ended), .ready(ready), .done(done),
                  .held(held));
              always #5 clk = !clk;
              initial begin
                $readmemh("term.hex", words);
                for (i = 0; i < %d; i = i + 1) begin
                  clear = 1; valid = 0; ended = 0;
                  @(negedge clk);
                  clear = 0; valid = 1;
                  for (k = 0; k < %d; k = k + 1) begin
                    term = words[i * %d + k];
                    @(negedge clk);
                  end
                  valid = 0; ended = 1;
                  @(negedge clk);
                  while (!done) @(negedge clk);
                  $display("%%0d", held);
                end
                $finish;
              end
            endmodule
            """
                .formatted(ROWS * TERMS - 1, ROWS, TERMS, TERMS));
    StringBuilder expected = new StringBuilder();
    for (long[] row : rows) {
      long value = Dot.sum(new Saturating(7), new SummationOrder.SignDirected(), row).value();
      expected.append("%d%n".formatted(value));
    }
    assertThat(printed.strip()).isEqualTo(expected.toString().strip());
  }

  private static String packed(FloatingFormat format, float value) {
    // {zero, sign, exponent, fraction}
    if (value == 0) {
      return Long.toString(1L << format.bits());
    }
    int exponent = Math.getExponent(value) + format.bias();
    int fraction = (Float.floatToRawIntBits(value) & 0x7fffff) >> (23 - format.mantissaBits());
    long sign = value < 0 ? 1 : 0;
    return Long.toString(
        (sign << format.exponentBits() | exponent) << format.mantissaBits() | fraction);
  }

  /** 8-bit operands, every step of every row. */
  @Test
  void multiplyAdd_randomRows_stepsAsTheReference() throws IOException {
    FloatingFormat operands = new FloatingFormat(4, 3, 4);
    for (String text : new String[] {"m7e4(12)/m7e4(10)", "m5e4(9)/m5e4(9)", "m4e3(4)/m4e3(3)"}) {
      FloatingAccumulator register =
          (FloatingAccumulator) dev.narrows.core.dot.Summation.parse(text).accumulator();
      FloatUnit unit = new FloatUnit(operands, register);
      Random random = new Random(11);
      StringBuilder words = new StringBuilder();
      StringBuilder expected = new StringBuilder();
      for (int row = 0; row < ROWS; row++) {
        float[] x = new float[TERMS];
        float[] w = new float[TERMS];
        for (int k = 0; k < TERMS; k++) {
          int a = random.nextInt(256);
          int b = random.nextInt(256);
          x[k] = operands.decode(a);
          w[k] = operands.decode(b);
          words.append("%02x%02x%n".formatted(a, b));
          float[] head = java.util.Arrays.copyOf(x, k + 1);
          float[] tail = java.util.Arrays.copyOf(w, k + 1);
          float sum = FloatDot.sum(register, new SummationOrder.Sequential(), tail, head).value();
          expected.append(packed(register.sum(), sum)).append('\n');
        }
      }
      Files.writeString(folder.resolve("pairs.hex"), words.toString());
      String printed =
          Tools.simulate(
              folder,
              """
              module tb;
                reg [15:0] words[0:%d];
                reg [7:0] x, w;
                reg [%d:0] sum;
                wire [%d:0] next;
                integer i, k;
                narrows_float_multiply_add #(%s) unit (.x(x), .w(w), .sum(sum), .next(next));
                initial begin
                  $readmemh("pairs.hex", words);
                  for (i = 0; i < %d; i = i + 1) begin
                    sum = {1'b1, %d'd0};
                    for (k = 0; k < %d; k = k + 1) begin
                      {x, w} = words[i * %d + k];
                      #1 sum = next;
                      #1 $display("%%0d", sum);
                    end
                  end
                  $finish;
                end
              endmodule
              """
                  .formatted(
                      ROWS * TERMS - 1,
                      unit.bits() - 1,
                      unit.bits() - 1,
                      unit.parameters(),
                      ROWS,
                      unit.bits() - 1,
                      TERMS,
                      TERMS));
      assertThat(printed.strip()).as(text).isEqualTo(expected.toString().strip());
    }
  }
}
