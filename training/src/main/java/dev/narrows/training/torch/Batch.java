package dev.narrows.training.torch;

import dev.narrows.training.model.FeatureMapShape;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Some images and their classes or other targets, or some windows of text and what is masked in
 * them.
 *
 * @param images normalised, [image][row][column][channel], or the ids of tokens, [window][T]; may
 *     be longer than needed
 * @param labels class of each image, or of each token of each window, {@link #NO_LABEL} where it is
 *     not asked for; may be longer than needed
 * @param targets present if they are no classes; labels are then not looked at
 * @param size number of images or windows
 */
public record Batch(float[] images, int[] labels, Optional<BatchTargets> targets, int size) {
  /** The label of a place that counts for nothing; libtorch's own. */
  public static final int NO_LABEL = -100;

  /** Images of classes, or text. */
  public Batch(float[] images, int[] labels, int size) {
    this(images, labels, Optional.empty(), size);
  }

  /** The inputs as a tensor. */
  Tensor tensor(FeatureMapShape shape) {
    return Torch.images(images, size, shape.channels(), shape.height(), shape.width());
  }
}
