package dev.narrows.training.model;

/**
 * A named array of a model, in memory order: weights of convolutions, transposed ones too, are
 * [out][kernel row][kernel column][in/groups], a dense layer's [out][in].
 *
 * @param rows output channels
 * @param columns values per output channel: K for weights, 1 otherwise
 */
public record ParameterSpec(String name, String layer, Role role, int rows, int columns) {
  /** What an array is for; decides initial value, weight decay and whether it is trained. */
  public enum Role {
    WEIGHT,
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
