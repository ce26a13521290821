package dev.narrows.cli.worker;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How the operands of a matrix product lie.
 *
 * <p>Weights are [groups · channels][terms]. Inputs are either rows [n][terms], whose results are
 * [n][channels]; or blocks of columns [blocks][groups · terms][columns], as a convolution's patches
 * are, whose results are [blocks][groups · channels][columns].
 *
 * @param rows whether inputs are rows; then there is one block and one group
 * @param columns in a block
 */
record ProductShape(boolean rows, int blocks, int groups, int channels, int terms, int columns) {
  /**
   * The shape of two operands.
   *
   * @throws CallException if they do not fit
   */
  static ProductShape of(ArrayOperand weights, ArrayOperand inputs, int groups) {
    List<Integer> w = weights.shape();
    List<Integer> x = inputs.shape();
    if (w.size() != 2) {
      throw new CallException("weights: expected two dimensions [channels][terms], got " + w);
    }
    if (groups < 1 || w.get(0) % groups != 0) {
      throw new CallException(
          "groups: %d channels cannot be split into %d groups".formatted(w.get(0), groups));
    }
    boolean rows = x.size() == 2;
    int terms = rows ? x.get(1) : x.size() == 3 ? x.get(1) / groups : -1;
    if (terms < 0 || rows && groups != 1) {
      throw new CallException("inputs: expected [n][terms], or [blocks][terms][columns], got " + x);
    }
    if (terms != w.get(1) || !rows && x.get(1) != groups * terms) {
      throw new CallException(
          "weights of %d terms do not fit inputs of shape %s".formatted(w.get(1), x));
    }
    return rows
        ? new ProductShape(true, 1, 1, w.get(0), terms, x.get(0))
        : new ProductShape(false, x.get(0), groups, w.get(0) / groups, terms, x.get(2));
  }

  /** Makes something of a group's weights, which lie from one place to another. */
  interface GroupMaker<T> {
    T make(int from, int to);
  }

  /** What is made of each group's weights. */
  <T> List<T> ofGroups(GroupMaker<T> maker) {
    int size = channels * terms;
    return IntStream.range(0, groups)
        .mapToObj(group -> maker.make(group * size, (group + 1) * size))
        .toList();
  }

  /** What is done with a result. */
  interface ResultUse {
    /**
     * @param sum where it lies among the sums of its piece, [channels][columns of the piece]
     * @param place where it lies among all results
     */
    void use(int sum, long place);
  }

  /** Does something with every result of a piece. */
  void eachResult(ColumnPieces.ColumnPiece piece, ResultUse result) {
    for (int c = 0; c < channels; c++) {
      int at = result(piece.block(), piece.group(), c, piece.from());
      for (int j = 0; j < piece.columns(); j++) {
        result.use(c * piece.columns() + j, at + (long) j * resultStep());
      }
    }
  }

  /** The shape of the results. */
  Integer[] results() {
    return rows
        ? new Integer[] {columns, channels}
        : new Integer[] {blocks, groups * channels, columns};
  }

  /** Where the input of a term and column lies. */
  int input(int block, int group, int term, int column) {
    return rows
        ? column * terms + term
        : ((block * groups + group) * terms + term) * columns + column;
  }

  /** Where the result of a channel and column lies. */
  private int result(int block, int group, int channel, int column) {
    return rows
        ? column * channels + channel
        : ((block * groups + group) * channels + channel) * columns + column;
  }

  /** How far the inputs of neighbouring columns lie apart. */
  int inputStep() {
    return rows ? terms : 1;
  }

  /** How far the results of neighbouring columns lie apart. */
  private int resultStep() {
    return rows ? channels : 1;
  }
}
