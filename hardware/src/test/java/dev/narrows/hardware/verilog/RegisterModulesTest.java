package dev.narrows.hardware.verilog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.SpillDot;
import dev.narrows.core.dot.SpillOutcome;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.FloatingFormat;
import dev.narrows.core.format.OperandFormat;
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

  /** Any finite codes, those near one, and zeros; every group of every row. */
  @Test
  void fusedAdd_randomRows_stepsAsTheReference() throws IOException {
    for (String text :
        new String[] {
          "fused(4,13):e8m13:e4m3",
          "fused(3,5):fp16:e5m2",
          "fused(4,23):fp32:fp16",
          "fused(4,23):fp16:fp16",
          "fused(4,11):fp16:fp16",
          "fused(2,25):fp32:bf16",
          "fused(2,2):e8m13:e2m1"
        }) {
      FusedAccumulator register =
          (FusedAccumulator) dev.narrows.core.dot.Summation.parse(text).accumulator();
      FusedUnit unit = new FusedUnit(register);
      int groups = 3;
      int bits = unit.operandBits();
      Random random = new Random(13);
      StringBuilder words = new StringBuilder();
      StringBuilder expected = new StringBuilder();
      for (int row = 0; row < ROWS; row++) {
        float[] x = new float[groups * register.group()];
        float[] w = new float[x.length];
        for (int k = 0; k < x.length; k++) {
          x[k] = operand(register.operands(), bits, random);
          w[k] = operand(register.operands(), bits, random);
          words.append("%x %x%n".formatted(code(register, x[k]), code(register, w[k])));
        }
        for (int group = 1; group <= groups; group++) {
          int terms = group * register.group();
          float sum =
              FloatDot.sum(
                      register,
                      new SummationOrder.Sequential(),
                      java.util.Arrays.copyOf(w, terms),
                      java.util.Arrays.copyOf(x, terms))
                  .value();
          expected.append("%x%n".formatted(held(register, sum)));
          if (Float.isInfinite(sum)) {
            expected.append("stopped%n".formatted());
            break;
          }
        }
      }
      Files.writeString(folder.resolve("pairs.hex"), words.toString());
      String printed =
          Tools.simulate(
              folder,
              """
              module tb;
                reg [15:0] words[0:%d];
                reg [%d:0] x, w;
                reg [%d:0] sum;
                wire [%d:0] next;
                integer i, k, g;
                narrows_fused_add #(%s) unit (.x(x), .w(w), .sum(sum), .next(next));
                initial begin
                  $readmemh("pairs.hex", words);
                  for (i = 0; i < %d; i = i + 1) begin
                    sum = 0;
                    for (g = 0; g < %d; g = g + 1) begin
                      for (k = 0; k < %d; k = k + 1) begin
                        x[k*%d +: %d] = words[2 * ((i * %d + g) * %d + k)];
                        w[k*%d +: %d] = words[2 * ((i * %d + g) * %d + k) + 1];
                      end
                      #1 sum = next;
                      #1 $display("%%0h", sum);
                      if (&sum[%d:%d]) begin
                        $display("stopped");
                        g = %d;
                      end
                    end
                  end
                  $finish;
                end
              endmodule
              """
                  .formatted(
                      2 * ROWS * groups * register.group() - 1,
                      register.group() * bits - 1,
                      register.bits() - 1,
                      register.bits() - 1,
                      unit.parameters(),
                      ROWS,
                      groups,
                      register.group(),
                      bits,
                      bits,
                      groups,
                      register.group(),
                      bits,
                      bits,
                      groups,
                      register.group(),
                      register.bits() - 2,
                      register.mantissaBits(),
                      groups));
      assertThat(printed.strip()).as(text).isEqualTo(expected.toString().strip());
    }
  }

  private static float operand(OperandFormat format, int bits, Random random) {
    int kind = random.nextInt(4);
    if (kind == 0) {
      return 0;
    }
    int mantissa = format.mantissaBits();
    int one = 1 - format.leastExponent();
    int exponents = 1 << (bits - 1 - mantissa);
    int exponent =
        kind == 1 ? random.nextInt(exponents) : Math.min(exponents - 1, one + random.nextInt(4));
    int digits = random.nextInt(1 << mantissa);
    float value =
        Math.scalb(
            (float) (exponent == 0 ? digits : digits + (1 << mantissa)),
            Math.max(exponent, 1) - one - mantissa);
    float held = Math.min(value, format.largest());
    return random.nextBoolean() ? held : -held;
  }

  /** {sign, exponent, fraction} of an operand. */
  private static int code(FusedAccumulator register, float value) {
    OperandFormat format = register.operands();
    int bits = new FusedUnit(register).operandBits();
    return (value < 0 ? 1 << (bits - 1) : 0)
        | (value == 0 ? 0 : packed(value, format.mantissaBits(), format.leastExponent()));
  }

  /** {sign, exponent, fraction} of a register. */
  private static int held(FusedAccumulator register, float value) {
    int sign = value < 0 ? 1 << (register.bits() - 1) : 0;
    int mantissa = register.mantissaBits();
    if (Float.isInfinite(value)) {
      return sign | ((1 << (register.bits() - 1 - mantissa)) - 1) << mantissa;
    }
    return sign | (value == 0 ? 0 : packed(value, mantissa, register.output().leastExponent()));
  }

  private static int packed(float value, int mantissa, int least) {
    int exponent = Math.max(Math.getExponent((double) value), least);
    int digits = (int) Math.scalb(Math.abs((double) value), mantissa - exponent);
    return digits < 1 << mantissa ? digits : (exponent - least << mantissa) + digits;
  }
}
