package dev.narrows.network.hub;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.safetensors.MappedSafetensors;
import dev.narrows.network.safetensors.SafetensorsEntry;
import dev.narrows.network.safetensors.SafetensorsType;
import java.util.Set;

/** A matrix, or a vector as its only row, in the form in which its file stores it. */
sealed interface HubMatrix {
  int rows();

  int columns();

  /** The tensors that it consists of. */
  Set<String> parts();

  /**
   * Rows in binary32.
   *
   * @param out gets [rows][columns], from its beginning
   * @throws NetworkFileException if a number is infinite or not a number
   */
  void read(int first, int rows, float[] out) throws NetworkFileException;

  /** F32, F16 or BF16. */
  record PlainNumbers(MappedSafetensors file, SafetensorsEntry entry, int rows, int columns)
      implements HubMatrix {
    @Override
    public Set<String> parts() {
      return Set.of(entry.name());
    }

    @Override
    public void read(int first, int count, float[] out) throws NetworkFileException {
      file.floats(entry, (long) first * columns, count * columns, out, 0);
    }
  }

  /**
   * Codes with a scale for each group of neighbouring columns: (code − zero)·scale in binary32.
   *
   * @param stored the bytes of I8 or F8_E4M3, or I32 with eight codes of 4 bits each, lowest first,
   *     that count from −8
   * @param scales [rows][groups]
   * @param zeros [rows][groups]; empty where all are 0
   */
  record Scaled(
      MappedSafetensors file,
      SafetensorsEntry stored,
      int rows,
      int columns,
      float[] scales,
      byte[] zeros,
      Set<String> parts)
      implements HubMatrix {
    private static final int CODES_OF_WORD = 8;

    /** The words of a row of packed codes. */
    static int packedColumns(int columns) {
      return Math.ceilDiv(columns, CODES_OF_WORD);
    }

    @Override
    public void read(int first, int count, float[] out) throws NetworkFileException {
      int groups = scales.length / rows;
      int group = columns / groups;
      for (int r = 0; r < count; r++) {
        float[] codes = codes(first + r);
        for (int c = 0; c < columns; c++) {
          int at = (first + r) * groups + c / group;
          float zero = zeros.length == 0 ? 0 : zeros[at];
          float value = (codes[c] - zero) * scales[at];
          if (!Float.isFinite(value)) {
            throw new NetworkFileException(
                file.path(),
                "tensor \"" + stored.name() + '"',
                "row %d, column %d: must be finite, got %s".formatted(first + r, c, value));
          }
          out[r * columns + c] = value;
        }
      }
    }

    private float[] codes(int row) {
      float[] codes = new float[columns];
      if (stored.type() == SafetensorsType.I32) {
        int[] words = new int[packedColumns(columns)];
        file.words(stored, (long) row * words.length, words.length, words);
        for (int c = 0; c < columns; c++) {
          codes[c] = (words[c / CODES_OF_WORD] >>> 4 * (c % CODES_OF_WORD) & 15) - 8;
        }
        return codes;
      }
      byte[] bytes = new byte[columns];
      file.bytes(stored, (long) row * columns, columns, bytes);
      for (int c = 0; c < columns; c++) {
        codes[c] = stored.type() == SafetensorsType.I8 ? bytes[c] : e4m3(bytes[c]);
      }
      return codes;
    }

    /** A sign, 4 bits of exponent with the bias 7, 3 of mantissa; all ones are not a number. */
    static float e4m3(byte code) {
      int exponent = code >> 3 & 15;
      int mantissa = code & 7;
      float size =
          exponent == 0
              ? Math.scalb((float) mantissa, -9)
              : exponent == 15 && mantissa == 7
                  ? Float.NaN
                  : Math.scalb((float) (8 + mantissa), exponent - 10);
      return code < 0 ? -size : size;
    }
  }
}
