package dev.narrows.hardware.c;

import dev.narrows.core.format.IntegerRange;

/** The generator of test inputs, as the C of resource {@code frame.c} has it. */
final class TestCodes {
  private int state;

  private TestCodes(int state) {
    this.state = state;
  }

  /** The codes of a vector, [H][W][C]. */
  static int[] of(int elements, IntegerRange range, int vector, int seed) {
    int least = (int) range.min();
    int most = (int) range.max();
    TestCodes codes = new TestCodes((vector + seed) * 0x9E3779B9 | 1);
    int[] made = new int[elements];
    int code = codes.between(least, most);
    for (int i = 0; i < made.length; i++) {
      code = codes.code(vector, code, least, most);
      made[i] = code;
    }
    return made;
  }

  private int next() {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  }

  private int between(int least, int most) {
    long span = (long) most - least + 1;
    return (int) (least + ((Integer.toUnsignedLong(next()) * span) >>> 32));
  }

  private int code(int vector, int before, int least, int most) {
    return switch (vector & 3) {
      case 0 -> between(least, most);
      case 1 -> (next() & 0x10000) != 0 ? most : least;
      case 2 -> Math.clamp((long) before + between(-3, 3), least, most);
      default -> (next() & 0xF0000) != 0 ? before : between(least, most);
    };
  }
}
