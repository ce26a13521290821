package dev.narrows.kernels.floating;

import dev.narrows.core.format.FloatQuantizer;
import dev.narrows.core.format.NearestRounding;
import java.util.Optional;

/**
 * Rounding to nearest, as bits of binary32.
 *
 * @param dropped bits of binary32's mantissa that the format does not have
 * @param odd 1, or 0 where none is dropped: what the last bit kept adds before rounding
 * @param half one less than half of the last bit kept, or 0 where none is dropped
 * @param kept the bits that are kept
 * @param normal the smallest normal value
 * @param most the largest value
 * @param beyond what is given beyond it
 * @param apart from here on to twice of it, floats are as far apart as the values below the normal
 *     ones
 */
record NearestSteps(
    int dropped, int odd, int half, int kept, int normal, int most, int beyond, float apart) {
  private static final int FRACTION = 23;

  /** Whether {@link #shift} lies far enough above a value that its neighbours are as far apart. */
  boolean shifts() {
    return dropped >= 2;
  }

  /**
   * What the exponent field of a value is grown by to make 1.5·2^dropped times its power of two.
   * Floats around that are as far apart as the format's values are there, and have the parity of
   * their last bit, so adding and subtracting it rounds.
   */
  int shift() {
    return (dropped << FRACTION) + (1 << (FRACTION - 1));
  }

  /** The same for all values below the normal ones, as a float. */
  float subnormalShift() {
    return 1.5f * apart;
  }

  /** Empty where the smallest value is so large that {@code apart} is no float. */
  static Optional<NearestSteps> of(FloatQuantizer quantizer) {
    if (!(quantizer instanceof NearestRounding rounding)) {
      return Optional.empty();
    }
    int dropped = FRACTION - rounding.mantissaBits();
    float apart = Math.scalb(rounding.quantum(), FRACTION);
    return Float.isInfinite(2 * apart)
        ? Optional.empty()
        : Optional.of(
            new NearestSteps(
                dropped,
                dropped == 0 ? 0 : 1,
                dropped == 0 ? 0 : (1 << (dropped - 1)) - 1,
                -1 << dropped,
                Float.floatToRawIntBits(Math.scalb(1f, rounding.leastExponent())),
                Float.floatToRawIntBits(rounding.largest()),
                Float.floatToRawIntBits(rounding.beyond()),
                apart));
  }
}
