package dev.narrows.benchmarks;

import dev.narrows.core.dot.Summation;
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
 * The yardstick: a float32 product of the same shape as {@link ProductBenchmark}'s, operands packed
 * beforehand; GMAC/s.
 *
 * <p>{@code java -cp 'benchmarks/target/classes:benchmarks/target/lib/*' org.openjdk.jmh.Main
 * FloatBenchmark}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(256 * 256 * 576)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class FloatBenchmark {
  private final BenchmarkOperands operands = new BenchmarkOperands(256, 576, 256, 127, 255);
  private final Binary32Product product =
      new Binary32Product(256, 576, 256, operands.weights, operands.inputs);
  private final float[] out = new float[256 * 256];

  @Setup
  public void checkAnswer() {
    vector();
    int[] expected = operands.reference(Summation.exact());
    for (int i = 0; i < out.length; i++) {
      BenchmarkOperands.require(out[i] == expected[i], "float32"); // sums below 2^24 are exact
    }
  }

  @Benchmark
  public float[] vector() {
    product.multiply(out);
    return out;
  }
}
