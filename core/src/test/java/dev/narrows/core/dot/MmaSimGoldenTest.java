package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.format.OperandFormat;
import dev.narrows.core.testing.GoldenDraws;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Registers of matrix hardware beside MMA-Sim, bit for bit. {@code interop/mma/vectors.py} made the
 * file and tells how the operands are drawn.
 */
class MmaSimGoldenTest {
  @Test
  void sum_mmaSimsDotProducts_agreeInEveryBit() throws IOException {
    List<String> lines =
        lines(
            Objects.requireNonNull(
                MmaSimGoldenTest.class.getResourceAsStream("/golden/mma-sim.csv.gz")));
    assertThat(lines.get(0)).startsWith("# MMA-Sim c785138 (MIT)");
    assertThat(lines.get(1)).isEqualTo("register,draws,seed,rows,columns,k,results");
    Map<String, Integer> dots = new TreeMap<>();
    int marked = 0;
    for (String line : lines.subList(2, lines.size())) {
      String[] fields = line.split(",(?![^(]*\\))", -1);
      String results = fields[6];
      Block block = Block.draw(fields);
      for (int i = 0; i < block.rows * block.columns; i++) {
        int expected = Integer.parseUnsignedInt(results.substring(9 * i, 9 * i + 8), 16);
        if (block.sum(i) != expected) {
          assertThat(Integer.toHexString(block.sum(i)))
              .as("%s of draws %s, seed %s, dot %d", fields[0], fields[1], fields[2], i)
              .isEqualTo(Integer.toHexString(expected));
        }
        marked += results.charAt(9 * i + 8) == '*' ? 1 : 0;
      }
      dots.merge(fields[0], block.rows * block.columns, Integer::sum);
    }
    assertThat(dots.values().stream().mapToInt(n -> n).sum()).isGreaterThan(160_000);
    assertThat(dots).hasSizeGreaterThan(25);
    assertThat(marked).isPositive(); // where a zero operand's exponent matters
  }

  static List<String> lines(InputStream packed) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  /**
   * One block of the file.
   *
   * @param scaleA of every operand; 1 where there are none
   */
  private record Block(
      FusedAccumulator register,
      int rows,
      int columns,
      float[][] a,
      float[][] b,
      float[][] scaleA,
      float[][] scaleB) {
    static Block draw(String[] fields) {
      Summation summation = Summation.parse(fields[0]);
      FusedAccumulator register = (FusedAccumulator) summation.accumulator();
      int kind = Integer.parseInt(fields[1]);
      Draws draws = new Draws(Long.parseLong(fields[2]));
      int rows = Integer.parseInt(fields[3]);
      int columns = Integer.parseInt(fields[4]);
      int terms = Integer.parseInt(fields[5]);
      draws.below(3); // K
      float[][] a = new float[rows][terms];
      float[][] b = new float[columns][terms];
      for (float[] row : a) {
        for (int k = 0; k < terms; k++) {
          row[k] = draws.operand(register.operands(), kind);
        }
      }
      for (int k = 0; k < terms; k++) {
        for (float[] column : b) {
          column[k] = draws.operand(register.operands(), kind);
        }
      }
      for (int k = 1; kind == 2 && k < terms; k += 2) {
        if (draws.below(8) != 0) {
          for (float[] row : a) {
            row[k] = row[k - 1];
          }
          for (float[] column : b) {
            column[k] = -column[k - 1];
          }
        }
      }
      float[][] scaleA = new float[rows][terms];
      float[][] scaleB = new float[columns][terms];
      OptionalInt size = register.scaling().block();
      boolean wide = size.isPresent() && draws.below(2) == 1;
      if (size.isPresent()) {
        int each = size.getAsInt();
        for (float[] row : scaleA) {
          for (int k = 0; k < terms; k += each) {
            Arrays.fill(row, k, k + each, draws.scale(register.scaling(), wide));
          }
        }
        for (int k = 0; k < terms; k += each) {
          for (float[] column : scaleB) {
            Arrays.fill(column, k, k + each, draws.scale(register.scaling(), wide));
          }
        }
      }
      return new Block(register, rows, columns, a, b, scaleA, scaleB);
    }

    int sum(int dot) {
      return register.scaling().block().isPresent()
          ? scaledSum(dot / columns, dot % columns)
          : unscaledSum(dot);
    }

    private int scaledSum(int row, int column) {
      GroupAddition groups =
          register.style() == FusedAccumulator.Style.BLOCKS
              ? new BlockGroup(register)
              : new FusedGroup(register);
      GroupOperands operands =
          new GroupOperands(b[column], a[row], scaleB[column], scaleA[row], 1, 0, 0);
      float held = 0;
      for (int k = 0; k < a[row].length; k += register.group()) {
        int[] terms = IntStream.range(k, k + register.group()).toArray();
        held = groups.add(held, terms, operands).value();
      }
      return Float.floatToRawIntBits(held);
    }

    private int unscaledSum(int dot) {
      FloatAccumulator accumulator = register;
      float value =
          FloatDot.sum(
                  accumulator, new SummationOrder.Sequential(), a[dot / columns], b[dot % columns])
              .value();
      return Float.floatToRawIntBits(value);
    }
  }

  /** The rules of the script. */
  private static final class Draws {
    private final GoldenDraws draws;

    Draws(long seed) {
      draws = new GoldenDraws(seed);
    }

    int below(int bound) {
      return draws.below(bound);
    }

    float scale(FusedAccumulator.Scaling scaling, boolean wide) {
      if (scaling == FusedAccumulator.Scaling.MX) {
        return Math.scalb(1f, wide ? below(61) - 30 : below(5) - 2);
      }
      int exponent = wide ? below(16) : 7 + below(3);
      int digits = below(8);
      digits = exponent == 15 ? Math.min(digits, 6) : digits;
      return Math.scalb((float) (exponent == 0 ? digits : digits + 8), Math.max(exponent, 1) - 10);
    }

    float operand(OperandFormat format, int draws) {
      int mantissa = format.mantissaBits();
      int size = 1 << mantissa;
      int one = 1 - format.leastExponent();
      int last = Math.getExponent(format.largest()) + one;
      int most = size - 1 - (format == OperandFormat.E4M3 ? 1 : 0);
      boolean negative = below(2) == 1;
      int kind = draws;
      if (kind == 5) {
        int choice = below(4);
        kind = choice == 0 ? 6 : choice == 1 ? 0 : 1;
      }
      kind = format == OperandFormat.E2M1 && kind != 6 ? 0 : kind;
      int exponent = 0;
      int digits = 0;
      switch (kind) {
        case 0 -> {
          exponent = below(last + 1);
          digits = below(size);
        }
        case 1, 2 -> {
          exponent = one + below(7) - 3;
          digits = below(size);
        }
        case 3 -> {
          int choice = below(8);
          exponent = choice < 5 ? 0 : 1 + below(3);
          digits = choice < 2 ? 0 : below(size);
        }
        case 4 -> {
          int[][] ends = {
            {0, 0},
            {0, 1},
            {1, 0},
            {one, 0},
            {last, most},
            {last, most},
            {one, size - 1},
            {1, size - 1}
          };
          int[] end = ends[below(8)];
          exponent = end[0];
          digits = end[1];
        }
        default -> {}
      }
      digits = exponent == last ? Math.min(digits, most) : digits;
      float value =
          format == OperandFormat.TF32
              ? Float.intBitsToFloat(exponent << 23 | digits << 13 | below(1 << 13))
              : Math.scalb(
                  (float) (exponent == 0 ? digits : digits + size),
                  Math.max(exponent, 1) - one - mantissa);
      return negative ? -value : value;
    }
  }
}
