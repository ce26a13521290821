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

  /**
   * The inputs of a block: term k of column j is {@code values[k * stride + j]}. Not to be kept.
   *
   * @param columns output positions times images
   * @param storedOffset what to add to a value to get the stored code
   */
  record Terms(int[] values, int stride, int columns, int storedOffset) {}
}
