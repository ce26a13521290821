package dev.narrows.benchmarks;

import dev.narrows.core.dot.Summation;

/** The operands of the measured integer products, for programs that make the same ones. */
public final class SharedOperands {
  private final IntegerBenchmarkOperands operands = IntegerBenchmarkOperands.measured();

  /** 256. */
  public int channels() {
    return KernelShape.MEASURED.channels();
  }

  /** K, 576. */
  public int terms() {
    return KernelShape.MEASURED.terms();
  }

  /** 256. */
  public int columns() {
    return KernelShape.MEASURED.columns();
  }

  /** 8 bits, [channels][K]. */
  public int[] weights() {
    return operands.weights();
  }

  /** 8 bits, none negative, [K][columns]. */
  public int[] inputs() {
    return operands.inputs();
  }

  /**
   * What core's reference makes of the first channels and columns.
   *
   * @param register an accumulator's text
   * @return [channels][columns]
   */
  public int[] sums(String register, int firstChannels, int firstColumns) {
    Summation summation = Summation.parse(register);
    int[] sums = new int[firstChannels * firstColumns];
    for (int i = 0; i < sums.length; i++) {
      sums[i] =
          Math.toIntExact(
              operands.reference(summation, i / firstColumns, i % firstColumns).value());
    }
    return sums;
  }
}
