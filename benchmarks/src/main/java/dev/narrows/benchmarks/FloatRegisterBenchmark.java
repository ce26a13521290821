package dev.narrows.benchmarks;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.FloatProduct;
import dev.narrows.kernels.FloatWeights;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
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
 * Products in floating-point registers, chunks of 16, 256 channels × 256 columns, K = 576, one
 * thread; GMAC/s. With weights of deviation 0.05 no clamp can fire in m7e4, with 0.5 it can; in
 * m4e3(6)/m4e3(4) clamps are frequent then. Compare with {@link FloatBenchmark}.
 *
 * <p>{@code java -cp 'benchmarks/target/classes:benchmarks/target/lib/*' org.openjdk.jmh.Main
 * 'FloatRegisterBenchmark|FloatBenchmark'}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(256 * 256 * 576)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class FloatRegisterBenchmark {
  private static final int SIDE = 256;
  private static final int TERMS = 576;

  @Param({"0.05", "0.5"})
  private float deviation = 0.05f;

  @Param({"m7e4", "m4e3(6)/m4e3(4)"})
  private String accumulator = "m7e4";

  private Summation summation = Summation.exact();
  private final float[] out = new float[SIDE * SIDE];
  private final float[] weights = new float[SIDE * TERMS];
  private final float[] weightGradients = new float[SIDE * TERMS];
  private final FloatColumns block = new FloatColumns(TERMS, SIDE);
  private float[] inputGradients = new float[0];
  private FloatProduct product = new FloatProduct(FloatWeights.of(0, 0, new float[0]));

  /** Normal weights, half-normal inputs; seed 1. */
  @Setup
  public void checkAnswer() {
    summation = Summation.parse(accumulator);
    Random random = new Random(1);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian() * deviation;
    }
    block.shape(TERMS, SIDE);
    for (int k = 0; k < TERMS; k++) {
      for (int j = 0; j < SIDE; j++) {
        block.values()[k * block.stride() + j] = (float) Math.max(0, random.nextGaussian());
      }
    }
    block.sealed();
    inputGradients = new float[block.values().length];
    product = new FloatProduct(FloatWeights.of(SIDE, TERMS, weights));
    FloatEvents events = scalar();
    float[] expected = out.clone();
    BenchmarkOperands.require(Arrays.equals(vector(), expected), summation);
    BenchmarkOperands.require(counted().equals(events), summation);
    BenchmarkOperands.require(Arrays.equals(out, expected), summation);
  }

  @Benchmark
  public float[] vector() {
    product.multiply(summation, block, out, 0, SIDE);
    return out;
  }

  @Benchmark
  public FloatEvents counted() {
    return product.count(summation, block, out, 0, SIDE);
  }

  @Benchmark
  public float[] exact() {
    product.multiply(Summation.exact(), block, out, 0, SIDE);
    return out;
  }

  @Benchmark
  public float[] backward() {
    Set<GradientMask> masks = Set.of(GradientMask.RECURSIVE_OF);
    product.backward(summation, masks, 0, block, out, 0, SIDE, weightGradients, inputGradients);
    return inputGradients;
  }

  @Benchmark
  public FloatEvents scalar() {
    FloatEvents events = FloatEvents.none();
    float[] column = new float[TERMS];
    for (int j = 0; j < SIDE; j++) {
      for (int k = 0; k < TERMS; k++) {
        column[k] = block.values()[k * block.stride() + j];
      }
      for (int c = 0; c < SIDE; c++) {
        float[] row = Arrays.copyOfRange(weights, c * TERMS, (c + 1) * TERMS);
        var outcome =
            FloatDot.sum(
                (FloatingAccumulator) summation.accumulator(), summation.order(), row, column);
        out[c * SIDE + j] = outcome.value();
        events = events.plus(outcome.events());
      }
    }
    return events;
  }
}
