package dev.narrows.training.model;

/**
 * A named array of a model, in memory order: weights of convolutions, transposed ones too, are
 * [out][kernel row][kernel column][in/groups], a dense layer's [out][in].
 *
 * @param rows output channels, or rows of a table
 * @param columns values per row: K for weights, a table's depth, 1 otherwise
 */
public record ParameterSpec(String name, String layer, ParameterRole role, int rows, int columns) {
  /** What an array is for; decides initial value, weight decay and whether it is trained. */
  public enum ParameterRole {
    WEIGHT,
    /** A table whose rows are looked up. */
    TABLE,
    /** A table whose rows are added, one to each position. */
    POSITIONS,
    BIAS,
    NORM_SCALE,
    NORM_SHIFT,
    RUNNING_MEAN,
    RUNNING_VARIANCE;

    /** False for the batch-norm statistics, which follow the data instead of a gradient. */
    public boolean trained() {
      return this != RUNNING_MEAN && this != RUNNING_VARIANCE;
    }
  }

  public int size() {
    return Math.multiplyExact(rows, columns);
  }
}
