package dev.narrows.network.tflite;

/**
 * Logistic and tanh of 16-bit codes as TFLite's reference kernels have them: between 256 knots of
 * sigmoid(i/24) in 16 bits, straight lines; tanh(x) = 2 · sigmoid(2x) − 1.
 *
 * @param multiplier and shift: what brings a code to units of 1/(24 · 512), rounded half up
 */
record WideSigmoid(int multiplier, int shift) {
  private static final int KNOTS = 256;
  private static final int[] SIGMOID = knots();

  /** A code's factor to the table's units is three times 4096 times its scale. */
  private static final double UNITS = 3 * 4096.0;

  /** Most of a 16-bit multiplier that still doubles into 15 bits. */
  private static final double HALF = 32767 / 2.0;

  /** For codes of this scale; what LiteRT takes for 2^−12 (or 2^−11) needs no rounding. */
  static WideSigmoid of(float scale, boolean tanh) {
    PowerOfTwo power = PowerOfTwo.near(scale);
    int left = 12 + power.exponent();
    if (power.close() && (left == 0 || tanh && left == 1)) {
      return new WideSigmoid(3 << left, 0);
    }
    double factor = scale * UNITS;
    int shift = 0;
    while (factor <= HALF && shift <= 30) {
      shift++;
      factor *= 2;
    }
    // a factor that 32 bits cannot hold converts to −2^31 in LiteRT's x86-64 builds
    return new WideSigmoid(factor < 0x1p31 ? (int) factor : Integer.MIN_VALUE, shift);
  }

  /** Straight lines between knots lie below the curve: each knot is lifted by half of that. */
  private static int[] knots() {
    int[] knots = new int[KNOTS];
    for (int i = 0; i < KNOTS; i++) {
      double below = sigmoid(i + 0.5) - (sigmoid(i) + sigmoid(i + 1)) / 2;
      knots[i] = (int) Math.floor((sigmoid(i) + below / 2) * (1 << 16) + 0.5);
    }
    knots[KNOTS - 1] = (1 << 16) - 1; // where the saturated part begins
    return knots;
  }

  private static double sigmoid(double knot) {
    return 1 / (1 + StrictMath.exp(-knot / 24));
  }

  private int units(int code) {
    int half = shift > 0 ? 1 << (shift - 1) : 0;
    return (code * multiplier + half) >> shift;
  }

  /** sigmoid of a code, in units of 2^−15. */
  int logistic(int code) {
    int x = units(code);
    int y = line(Math.abs(x), 9, Short.MAX_VALUE << 10);
    return (x >= 0 ? y + (1 << 9) : (1 << 25) - y + (1 << 9) - 1) >>> 10;
  }

  /** tanh of a code, in units of 2^−15. */
  int tanh(int code) {
    int x = units(code);
    int y = line(Math.abs(x), 8, 0xFFFF << 8);
    return (x >= 0 ? y - (1 << 23) + (1 << 7) : -y + (1 << 23) + (1 << 7) - 1) >> 8;
  }

  /** The line at x, whose low bits are the place between two knots. */
  private static int line(int x, int bits, int saturated) {
    int knot = x >>> bits;
    if (knot >= KNOTS - 1) {
      return saturated;
    }
    int part = x & ((1 << bits) - 1);
    return (SIGMOID[knot] << bits) + part * (SIGMOID[knot + 1] - SIGMOID[knot]);
  }
}
