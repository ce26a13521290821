package dev.narrows.network.llama;

/**
 * Rows of queries or keys in a file that holds the two channels of a pair half a head apart,
 * brought together.
 */
record HalvesApart(LlamaShape shape) {
  /** Rows as the file has them. */
  interface RowReader {
    void read(int first, int rows, float[] to);
  }

  /** What is added to each row. */
  float[] bias(float[] ofFile) {
    float[] together = new float[ofFile.length];
    for (int r = 0; r < together.length; r++) {
      together[r] = ofFile[shape.apart(r)];
    }
    return together;
  }

  /**
   * Some rows.
   *
   * @param to gets [rows][terms], from its beginning
   */
  void rows(int first, int rows, int terms, float[] to, RowReader file) {
    float[] row = new float[terms];
    for (int r = 0; r < rows; r++) {
      file.read(shape.apart(first + r), 1, row);
      System.arraycopy(row, 0, to, r * terms, terms);
    }
  }
}
