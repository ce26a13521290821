package dev.narrows.benchmarks;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.dot.DotOutcome;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The classes of all widths in one pass, 8-bit operands in index order, 256 channels × 256 columns,
 * K = 576, one thread; GMAC/s.
 *
 * <p>{@code java -cp 'benchmarks/target/classes:benchmarks/target/lib/*' org.openjdk.jmh.Main
 * 'ClassifyBenchmark|FloatBenchmark'}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(256 * 256 * 576)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ClassifyBenchmark {
  private final BenchmarkOperands operands = new BenchmarkOperands(256, 576, 256, 127, 255);
  private final SummationOrder order = new SummationOrder.Sequential();
  private final int[] out = new int[256 * 256];

  @Setup
  public void checkAnswer() {
    BenchmarkOperands.require(scalar().equals(vector()), order);
  }

  @Benchmark
  public OverflowProfile vector() {
    OverflowProfile.Builder profile = OverflowProfile.builder();
    operands.product.classify(order, operands.block, new int[0], out, 0, 256, profile);
    return profile.build();
  }

  @Benchmark
  public OverflowProfile scalar() {
    OverflowProfile.Builder profile = OverflowProfile.builder();
    Summation exact = new Summation(new Exact(), order);
    for (int i = 0; i < out.length; i++) {
      DotOutcome outcome = operands.reference(exact, i / 256, i % 256);
      profile.add(outcome.finalBits(), outcome.pathBits());
    }
    return profile.build();
  }
}
