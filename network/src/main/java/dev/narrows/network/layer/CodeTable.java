package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;

/**
 * A function of each code by itself, as a table: what TFLite makes of logistic, tanh, leaky ReLU
 * and hard swish.
 *
 * @param signed whether input codes are
 * @param table the output code of each input code, from the smallest on
 */
public record CodeTable(String name, int input, TensorType output, boolean signed, int[] table)
    implements CodeFunction {
  /** Entries of the table of 8-bit codes. */
  public static final int SHORT = 1 << 8;

  /** Entries of the table of 16-bit codes. */
  public static final int LONG = 1 << 16;

  public CodeTable {
    Checks.require(
        Integer.bitCount(table.length) == 1 && (table.length <= SHORT || table.length == LONG),
        "a table has an entry for each code of at most 8 bits, or of 16, got %d",
        table.length);
    IntSummaryStatistics codes = Arrays.stream(table).summaryStatistics();
    LayerChecks.range(output, codes.getMin(), codes.getMax());
  }

  @Override
  public IntegerRange codes() {
    IntSummaryStatistics codes = Arrays.stream(table).summaryStatistics();
    return new IntegerRange(codes.getMin(), codes.getMax());
  }

  @Override
  public void apply(int[] column) {
    // an entry a code: for signed ones the smallest is half of the table below zero
    int least = signed ? -table.length / 2 : 0;
    for (int i = 0; i < column.length; i++) {
      column[i] = table[column[i] - least];
    }
  }

  @Override
  public String kind() {
    return "codeTable";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.sameShape(source, output);
    IntegerFormat format = source.quantization().format();
    Checks.require(
        format.signed() == signed && 1 << format.bits() == table.length,
        "%s has no table of %d codes",
        format,
        table.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodeTable that
        && name.equals(that.name)
        && input == that.input
        && output.equals(that.output)
        && signed == that.signed
        && Arrays.equals(table, that.table);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(table);
  }
}
