package dev.narrows.network.tflite;

/**
 * The power of two next to a scale, as LiteRT's {@code CheckedLog2} finds it: logarithms of
 * binary32, and a scale whose logarithm lies within 10^−3 of an integer counts as that power.
 *
 * @param exponent of the power
 * @param close whether the scale counts as the power
 */
record PowerOfTwo(int exponent, boolean close) {
  private static final float PER_NATURAL = 1 / (float) StrictMath.log(2);
  private static final float CLOSE = 1e-3f;

  static PowerOfTwo near(float scale) {
    float log = (float) StrictMath.log(scale) * PER_NATURAL;
    float rounded = (float) Math.copySign(Math.floor(Math.abs(log) + 0.5), log);
    return new PowerOfTwo((int) rounded, Math.abs(log - rounded) < CLOSE);
  }
}
