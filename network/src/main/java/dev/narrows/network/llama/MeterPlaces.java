package dev.narrows.network.llama;

import java.util.Optional;

/**
 * Which place of a meter each sum of a product belongs to: head · columns + column of a product
 * that heads make apart, else its column.
 */
interface MeterPlaces {
  int of(int row, int column);

  /** Of products whose tokens are their rows; empty where tokens are columns. */
  default Optional<TokenRows> rows() {
    return Optional.empty();
  }

  /** Rows of tokens that see the first columns only. */
  interface TokenRows {
    /** How many columns a row sees. */
    int seen(int row);

    /** The operands of a row. */
    float[] operands(int row);
  }
}
