package dev.narrows.core.quantize;

/**
 * The mean of {@code count} codes from the sum of (code − zero point), in integers, as TFLite's
 * average pooling has it: (sum + count · zeroPoint) / count, rounded half away from zero, clamped.
 * Input and output share scale and zero point.
 *
 * <p>The rounding is that of the stored code, not of the value: −2.5 becomes −3 whatever the zero
 * point.
 *
 * @param count K, the terms of each sum; at least 1
 * @param zeroPoint of input and output
 * @param min smallest code
 * @param max largest code
 */
public record IntegerMean(int count, int zeroPoint, int min, int max) implements Requantization {
  public IntegerMean {
    if (count < 1) {
      throw new IllegalArgumentException("a mean needs at least one term, got " + count);
    }
    CodeLimits.require(min, max);
  }

  /** The same mean of another number of codes. */
  public IntegerMean of(int terms) {
    return terms == count ? this : new IntegerMean(terms, zeroPoint, min, max);
  }

  @Override
  public int apply(int channel, long sum) {
    long codes = sum + (long) count * zeroPoint;
    long half = count / 2;
    long mean = (codes > 0 ? codes + half : codes - half) / count;
    return (int) Math.clamp(mean, (long) min, (long) max);
  }

  @Override
  public int channels() {
    return 1;
  }
}
