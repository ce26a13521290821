package dev.narrows.network.gguf;

/**
 * Blocks of stored elements as binary32 numbers: every product and sum of the format's definition
 * rounded to binary32, in the order it is written here. Bytes are little-endian; scales are
 * binary16 unless said otherwise.
 *
 * <p>The K types cut 256 elements into parts of 16 or 32, whose small integer scales are multiplied
 * by one scale of the block first.
 */
final class GgufBlocks {
  private static final int HALF = 128; // elements of half a block of 256

  private GgufBlocks() {}

  /**
   * Decodes neighbouring blocks.
   *
   * @param in the bytes, from {@code from}
   * @param count blocks
   * @param out gets count · {@link GgufType#elements} numbers, from {@code to}
   */
  static void decode(GgufType type, byte[] in, int from, int count, float[] out, int to) {
    for (int b = 0; b < count; b++) {
      block(type, in, from + b * type.bytes(), out, to + b * type.elements());
    }
  }

  private static void block(GgufType type, byte[] in, int at, float[] out, int to) {
    switch (type) {
      case F32 -> out[to] = Float.intBitsToFloat(word(in, at));
      case F16 -> out[to] = half(in, at);
      case BF16 -> out[to] = Float.intBitsToFloat(word16(in, at) << 16);
      case Q4_0 -> nibbles(in, at + 2, half(in, at), out, to);
      case Q4_1 -> nibblesAbove(in, at + 4, half(in, at), half(in, at + 2), out, to);
      case Q5_0 -> fiveBits(in, at + 2, 16, half(in, at), out, to);
      case Q5_1 -> fiveBitsAbove(in, at + 4, half(in, at), half(in, at + 2), out, to);
      case Q8_0 -> bytes(in, at + 2, 32, half(in, at), out, to);
      case Q2_K -> twoBitParts(in, at, out, to);
      case Q3_K -> threeBitParts(in, at, out, to);
      case Q4_K -> fourBitParts(in, at, out, to);
      case Q5_K -> fiveBitParts(in, at, out, to);
      case Q6_K -> sixBitParts(in, at, out, to);
      case Q8_K -> bytes(in, at + 4, 256, Float.intBitsToFloat(word(in, at)), out, to);
    }
  }

  /** Low halves of 16 bytes are the first 16 elements, high halves the others. */
  private static void nibbles(byte[] in, int at, float d, float[] out, int to) {
    for (int j = 0; j < 16; j++) {
      out[to + j] = ((in[at + j] & 15) - 8) * d;
    }
    for (int j = 0; j < 16; j++) {
      out[to + 16 + j] = ((in[at + j] >> 4 & 15) - 8) * d;
    }
  }

  private static void nibblesAbove(byte[] in, int at, float d, float m, float[] out, int to) {
    for (int j = 0; j < 16; j++) {
      out[to + j] = (in[at + j] & 15) * d + m;
    }
    for (int j = 0; j < 16; j++) {
      out[to + 16 + j] = (in[at + j] >> 4 & 15) * d + m;
    }
  }

  /** The fifth bits stand in a word of their own, before the halves. */
  private static void fiveBits(byte[] in, int at, int zero, float d, float[] out, int to) {
    int high = word(in, at);
    for (int j = 0; j < 16; j++) {
      int b = in[at + 4 + j];
      out[to + j] = ((b & 15 | (high >>> j & 1) << 4) - zero) * d;
      out[to + 16 + j] = ((b >> 4 & 15 | (high >>> (j + 16) & 1) << 4) - zero) * d;
    }
  }

  private static void fiveBitsAbove(byte[] in, int at, float d, float m, float[] out, int to) {
    int high = word(in, at);
    for (int j = 0; j < 16; j++) {
      int b = in[at + 4 + j];
      out[to + j] = (b & 15 | (high >>> j & 1) << 4) * d + m;
      out[to + 16 + j] = (b >> 4 & 15 | (high >>> (j + 16) & 1) << 4) * d + m;
    }
  }

  private static void bytes(byte[] in, int at, int count, float d, float[] out, int to) {
    for (int j = 0; j < count; j++) {
      out[to + j] = in[at + j] * d;
    }
  }

  /** [16 scales, least values in their high halves][64 · 4 elements][scale][scale of least]. */
  private static void twoBitParts(byte[] in, int at, float[] out, int to) {
    float d = half(in, at + 80);
    float least = half(in, at + 82);
    for (int e = 0; e < 256; e += 16) {
      int scale = in[at + e / 16];
      float dl = d * (scale & 15);
      float ml = least * (scale >> 4 & 15);
      int shift = e % HALF / 32 * 2;
      int from = at + 16 + e / HALF * 32 + e % 32;
      for (int j = 0; j < 16; j++) {
        out[to + e + j] = dl * (in[from + j] >> shift & 3) - ml;
      }
    }
  }

  /** [32 bytes of third bits][64 · 4 elements][16 scales of 6 bits in 12 bytes][scale]. */
  private static void threeBitParts(byte[] in, int at, float[] out, int to) {
    float d = half(in, at + 108);
    for (int e = 0; e < 256; e += 16) {
      int part = e / 16;
      int low = in[at + 96 + part % 8] >> part / 8 * 4 & 15;
      int high = in[at + 104 + part % 4] >> part / 4 * 2 & 3;
      float dl = d * ((low | high << 4) - 32);
      int shift = e % HALF / 32 * 2;
      int from = at + 32 + e / HALF * 32 + e % 32;
      for (int j = 0; j < 16; j++) {
        int third = in[at + e % 32 + j] >> e / 32 & 1;
        out[to + e + j] = dl * ((in[from + j] >> shift & 3) - (third == 0 ? 4 : 0));
      }
    }
  }

  /** [scale][scale of least][8 scales and least values of 6 bits in 12 bytes][128 · 2 elements]. */
  private static void fourBitParts(byte[] in, int at, float[] out, int to) {
    float d = half(in, at);
    float least = half(in, at + 2);
    for (int part = 0; part < 8; part++) {
      float dl = d * scaleOf(in, at + 4, part);
      float ml = least * leastOf(in, at + 4, part);
      int shift = part % 2 * 4;
      int from = at + 16 + part / 2 * 32;
      for (int j = 0; j < 32; j++) {
        out[to + part * 32 + j] = dl * (in[from + j] >> shift & 15) - ml;
      }
    }
  }

  /** As four bits, with 32 bytes of fifth bits before the elements: bit p of each is of part p. */
  private static void fiveBitParts(byte[] in, int at, float[] out, int to) {
    float d = half(in, at);
    float least = half(in, at + 2);
    for (int part = 0; part < 8; part++) {
      float dl = d * scaleOf(in, at + 4, part);
      float ml = least * leastOf(in, at + 4, part);
      int shift = part % 2 * 4;
      int from = at + 48 + part / 2 * 32;
      for (int j = 0; j < 32; j++) {
        int fifth = in[at + 16 + j] >> part & 1;
        out[to + part * 32 + j] = dl * ((in[from + j] >> shift & 15) | fifth << 4) - ml;
      }
    }
  }

  /** [128 · 2 low halves][64 · 4 high bits][16 signed scales][scale]. */
  private static void sixBitParts(byte[] in, int at, float[] out, int to) {
    float d = half(in, at + 208);
    for (int e = 0; e < 256; e += 16) {
      float dl = d * in[at + 192 + e / 16];
      int within = e % HALF; // 0..31 and 32..63 are low halves of 64 bytes, then their high ones
      int low = at + e / HALF * 64 + within % 64;
      int high = at + 128 + e / HALF * 32 + within % 32;
      int shift = within / 32 * 2;
      for (int j = 0; j < 16; j++) {
        int value = in[low + j] >> within / 64 * 4 & 15 | (in[high + j] >> shift & 3) << 4;
        out[to + e + j] = dl * (value - 32);
      }
    }
  }

  /** The scale of part p of 8: six bits of byte p, or four and two of the others. */
  private static int scaleOf(byte[] in, int at, int part) {
    return part < 4
        ? in[at + part] & 63
        : in[at + part + 4] & 15 | (in[at + part - 4] >> 6 & 3) << 4;
  }

  private static int leastOf(byte[] in, int at, int part) {
    return part < 4
        ? in[at + part + 4] & 63
        : in[at + part + 4] >> 4 & 15 | (in[at + part] >> 6 & 3) << 4;
  }

  private static float half(byte[] in, int at) {
    return Float.float16ToFloat((short) word16(in, at));
  }

  private static int word16(byte[] in, int at) {
    return in[at] & 255 | (in[at + 1] & 255) << 8;
  }

  private static int word(byte[] in, int at) {
    return word16(in, at) | word16(in, at + 2) << 16;
  }
}
