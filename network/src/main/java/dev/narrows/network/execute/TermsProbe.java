package dev.narrows.network.execute;

/**
 * Sees what the dot products of a layer multiply while a run has it at hand. Called by several
 * threads at once, blocks in any order.
 */
@FunctionalInterface
public interface TermsProbe {
  /**
   * Looks at a block of the dot products of one group of channels.
   *
   * @param firstChannel the group's first output channel
   * @param channels of the group
   */
  void look(int firstChannel, int channels, Terms terms);

  /** The same of a layer that sums real numbers; by default nobody looks. */
  default void lookAtFloats(int firstChannel, int channels, FloatTerms terms) {}

  /**
   * The inputs of a block: term k of column j is {@code values[k * stride + j]}. Not to be kept.
   *
   * @param columns output positions times images
   * @param storedOffset what to add to a value to get the stored code
   * @param places whose they are
   */
  record Terms(int[] values, int stride, int columns, int storedOffset, BlockPlaces places) {}

  /** The inputs of a block of real numbers, laid out as {@link Terms} are. */
  record FloatTerms(float[] values, int stride, int columns, BlockPlaces places) {}

  /**
   * Whose the columns of a block are: those of one output position follow each other, one an image.
   *
   * @param firstPosition the first column's output position
   * @param firstImage the first column's image
   * @param images how many columns a position has
   */
  record BlockPlaces(int firstPosition, int firstImage, int images) {
    /** The image of column {@code j}. */
    public int image(int j) {
      return firstImage + j % images;
    }

    /** The output position of column {@code j}. */
    public int position(int j) {
      return firstPosition + j / images;
    }
  }
}
