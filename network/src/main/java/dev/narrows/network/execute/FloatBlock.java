package dev.narrows.network.execute;

/** A block of real columns, [K][columns] with rows {@link #stride()} apart; grows as asked. */
final class FloatBlock {
  private float[] values = new float[0];
  private int terms;
  private int columns;

  void shape(int newTerms, int newColumns) {
    terms = newTerms;
    columns = newColumns;
    int size = Math.multiplyExact(terms, columns);
    if (values.length < size) {
      values = new float[size];
    }
  }

  float[] values() {
    return values;
  }

  int terms() {
    return terms;
  }

  int columns() {
    return columns;
  }

  int stride() {
    return columns;
  }
}
