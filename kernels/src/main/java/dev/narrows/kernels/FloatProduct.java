package dev.narrows.kernels;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.FloatOutcome;
import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import java.util.Optional;
import java.util.Set;

/**
 * The dot products of one group of output channels of float weights with any block of columns:
 * output (c, j) is what {@link FloatDot#sum} gives for weights[c] and column j, bit for bit, or
 * what {@link FloatDot#exact} gives under an exact {@link Summation}.
 *
 * <p>Thread-safe, and its results depend on nothing but the weights; a {@link FloatColumns} belongs
 * to one thread at a time.
 */
public final class FloatProduct {
  private final FloatWeights weights;

  /** Of the last register: what it has found out about clamps serves the next block too. */
  private volatile Optional<Known> known = Optional.empty();

  private record Known(Summation summation, FloatWays ways) {}

  public FloatProduct(FloatWeights weights) {
    this.weights = weights;
  }

  public FloatWeights weights() {
    return weights;
  }

  /**
   * Sums every channel over every column into {@code out[outOffset + c * outStride + j]}.
   *
   * @param summation a floating-point register, or exact in any order
   * @throws IllegalArgumentException if the shapes do not agree
   * @throws OperandException if the register is for integers
   * @throws ArithmeticException if a product, or an exact sum, is not a number
   */
  public void multiply(
      Summation summation, FloatColumns x, float[] out, int outOffset, int outStride) {
    multiply(summation, job(x, out, outOffset, outStride));
  }

  /**
   * {@link #multiply}, counting what happened in the registers; an exact sum has no events.
   *
   * @return of all channels and columns
   */
  public FloatEvents count(
      Summation summation, FloatColumns x, float[] out, int outOffset, int outStride) {
    return count(summation, job(x, out, outOffset, outStride));
  }

  /**
   * Adds the gradients of the products that pass the masks, by the walk that {@link #multiply}
   * makes: {@code weightGradients[c * K + k] += g · x} and {@code inputGradients[k * stride + j] +=
   * g · w}, summed in binary32 in an order of the implementation's own.
   *
   * @param summation a floating-point register, sequential, reversed or chunked
   * @param epsilon of {@link GradientMask#IMMEDIATE_DIFF}
   * @param g the gradient of output (c, j), at {@code gOffset + c * gStride + j}
   * @param weightGradients [channels][K]
   * @param inputGradients laid out as {@link FloatColumns#values}
   * @throws IllegalArgumentException if the shapes do not agree, or the order is another
   * @throws ArithmeticException if an operand is infinite or not a number
   */
  public void backward(
      Summation summation,
      Set<GradientMask> masks,
      float epsilon,
      FloatColumns x,
      float[] g,
      int gOffset,
      int gStride,
      float[] weightGradients,
      float[] inputGradients) {
    FloatJob job = job(x, g, gOffset, gStride);
    backward(summation, masks, epsilon, job).run(weightGradients, inputGradients);
  }

  /** {@link #backward}, as a task that can be divided. */
  FloatBackward backward(
      Summation summation, Set<GradientMask> masks, float epsilon, FloatJob job) {
    if (!FloatWays.possible(summation.order())) {
      throw new IllegalArgumentException(
          "gradients are masked in sequential, reversed and chunked order, not in "
              + summation.order());
    }
    if (!job.finite()) {
      throw new ArithmeticException("an operand of a product is infinite or not a number");
    }
    return new FloatBackward(
        job, ways(summation), MaskedFloats.Cuts.of(masks, epsilon), !masks.isEmpty());
  }

  FloatJob job(FloatColumns x, float[] out, int offset, int stride) {
    return new FloatJob(weights, x, out, offset, stride, 0, x.panelCount());
  }

  void multiply(Summation summation, FloatJob job) {
    if (summation.accumulator() instanceof Exact) {
      ExactFloats.multiply(job);
    } else if (tiled(summation, job)) {
      tiles(job, ways(summation));
    } else {
      reference(summation, job);
    }
  }

  FloatEvents count(Summation summation, FloatJob job) {
    if (summation.accumulator() instanceof Exact) {
      ExactFloats.multiply(job);
      return FloatEvents.none();
    }
    return tiled(summation, job)
        ? new FloatCounter(job, ways(summation)).run()
        : reference(summation, job);
  }

  private FloatWays ways(Summation summation) {
    Optional<Known> last = known;
    if (last.isPresent() && last.get().summation().equals(summation)) {
      return last.get().ways();
    }
    FloatWays ways = FloatWays.of(weights, register(summation), summation.order());
    known = Optional.of(new Known(summation, ways));
    return ways;
  }

  /** The register of a summation that is not exact. */
  static FloatingAccumulator register(Summation summation) {
    if (summation.accumulator() instanceof FloatingAccumulator floating) {
      return floating;
    }
    throw OperandException.needsIntegers("this product", summation);
  }

  private static boolean tiled(Summation summation, FloatJob job) {
    register(summation);
    return job.finite() && FloatWays.possible(summation.order());
  }

  private void tiles(FloatJob job, FloatWays ways) {
    float[] panel = new float[Lanes.PANEL];
    float[] x = job.x().panels();
    boolean[] free = new boolean[weights.channels()];
    for (int c = 0; c < free.length; c++) {
      free[c] = ways.neverClamps(c, job.x().largest());
    }
    for (int p = job.firstPanel(); p < job.lastPanel(); p++) {
      int base = job.base(p);
      for (int c = 0; c < free.length; c++) {
        int from = c * weights.terms();
        if (free[c]) {
          for (int j = 0; j < Lanes.PANEL; j += FreeFloats.VECTORS * Lanes.COUNT) {
            FreeFloats.tile(ways.weights(), from, ways, x, base + j, panel, j);
          }
        } else {
          for (int j = 0; j < Lanes.PANEL; j += ClampedFloats.VECTORS * Lanes.COUNT) {
            ClampedFloats.tile(ways.weights(), from, ways, x, base + j, panel, j);
          }
        }
        System.arraycopy(panel, 0, job.out(), job.at(c, p), job.x().width(p));
      }
    }
  }

  private FloatEvents reference(Summation summation, FloatJob job) {
    FloatEvents events = FloatEvents.none();
    for (int j = job.firstPanel() * Lanes.PANEL; j < lastColumn(job); j++) {
      float[] inputs = job.column(j);
      for (int c = 0; c < weights.channels(); c++) {
        FloatOutcome outcome =
            FloatDot.sum(register(summation), summation.order(), job.row(c), inputs);
        job.out()[job.at(c, 0) + j] = outcome.value();
        events = events.plus(outcome.events());
      }
    }
    return events;
  }

  private static int lastColumn(FloatJob job) {
    return Math.min(job.x().columns(), job.lastPanel() * Lanes.PANEL);
  }
}
