package dev.narrows.benchmarks;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.OverflowProfile;
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
 * Orders that depend on the terms, 4-bit operands in 9-bit registers (too few for most dot
 * products), 32 channels × 256 columns, K = 144, one thread; terms per nanosecond.
 *
 * <p>{@code java -cp 'benchmarks/target/classes:benchmarks/target/lib/*' org.openjdk.jmh.Main
 * OrderBenchmark}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(32 * 256 * 144)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class OrderBenchmark {
  @Param({"ascending", "sorted(1)", "sorted", "tiles(16,1)", "sign-directed"})
  private String order = "ascending";

  private final BenchmarkOperands operands = new BenchmarkOperands(32, 144, 256, 7, 15);
  private final int[] out = new int[32 * 256];
  private Summation summation = Summation.exact();

  @Setup
  public void checkAnswer() {
    summation = Summation.parseIn(new Saturating(9), order);
    BenchmarkOperands.require(Arrays.equals(scalar(), vector()), summation);
  }

  @Benchmark
  public int[] vector() {
    operands.product.multiply(summation, operands.block, new int[0], out, 0, 256);
    return out;
  }

  @Benchmark
  public OverflowProfile vectorClasses() {
    OverflowProfile.Builder profile = OverflowProfile.builder();
    operands.product.classify(summation.order(), operands.block, new int[0], out, 0, 256, profile);
    return profile.build();
  }

  @Benchmark
  public int[] scalar() {
    return operands.reference(summation);
  }
}
