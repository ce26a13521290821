package dev.narrows.benchmarks;

import dev.narrows.core.dot.Summation;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Products of 8-bit operands in index order, 256 channels × 256 columns, K = 576, one thread.
 * Scores are multiplications per nanosecond: GMAC/s. Compare with {@link FloatBenchmark}.
 *
 * <p>{@code java -cp 'benchmarks/target/classes:benchmarks/target/lib/*' org.openjdk.jmh.Main
 * 'ProductBenchmark|FloatBenchmark'}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(256 * 256 * 576)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ProductBenchmark {
  @Param({
    "exact",
    "int16:wrap",
    "int8:saturate",
    "int16:saturate",
    "int24:saturate",
    "int16:saturate:reversed",
    "int16:saturate:chunk(64)"
  })
  private String register = "exact";

  private final BenchmarkOperands operands = new BenchmarkOperands(256, 576, 256, 127, 255);
  private final int[] out = new int[256 * 256];
  private Summation summation = Summation.exact();

  @Setup
  public void checkAnswer() {
    summation = Summation.parse(register);
    BenchmarkOperands.require(Arrays.equals(operands.reference(summation), vector()), summation);
  }

  @Benchmark
  public int[] vector() {
    operands.product.multiply(summation, operands.block, new int[0], out, 0, 256);
    return out;
  }

  @Benchmark
  public int[] scalar() {
    return operands.reference(summation);
  }
}
