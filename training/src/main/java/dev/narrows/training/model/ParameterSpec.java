package dev.narrows.training.model;

import java.util.List;

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
    RUNNING_VARIANCE,
    /** Numbers of a file that are added, multiplied or the like. */
    CONSTANT,
    /** Numbers that stay as they are. */
    FIXED;

    /** False for batch-norm statistics, which follow the data, and for what stays as it is. */
    public boolean trained() {
      return this != RUNNING_MEAN && this != RUNNING_VARIANCE && this != FIXED;
    }
  }

  /** The same array, which is not trained. */
  ParameterSpec fixed() {
    return new ParameterSpec(name, layer, ParameterRole.FIXED, rows, columns);
  }

  /** The arrays of a batch norm. */
  static List<ParameterSpec> of(BatchNorm norm, String layer, int channels) {
    return List.of(
        new ParameterSpec(norm.scale(), layer, ParameterRole.NORM_SCALE, channels, 1),
        new ParameterSpec(norm.shift(), layer, ParameterRole.NORM_SHIFT, channels, 1),
        new ParameterSpec(norm.mean(), layer, ParameterRole.RUNNING_MEAN, channels, 1),
        new ParameterSpec(norm.variance(), layer, ParameterRole.RUNNING_VARIANCE, channels, 1));
  }

  public int size() {
    return Math.multiplyExact(rows, columns);
  }
}
