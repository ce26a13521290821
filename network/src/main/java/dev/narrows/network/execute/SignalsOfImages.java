package dev.narrows.network.execute;

/**
 * Is told what floating registers did to the sums of each image, layer by layer, when a run has
 * ended: what {@link FloatStatistics} adds up in the order of the images. Sums of doubles depend on
 * their order, so parts of a run are put together from these.
 */
@FunctionalInterface
public interface SignalsOfImages {
  /**
   * The sums of all images of a layer.
   *
   * @param signal Σ e² over an image's exact sums e; [images], the callee's to keep
   * @param noise Σ (s − e)² over an image's sums s; [images], the callee's to keep
   */
  void take(String layer, double[] signal, double[] noise);
}
