package dev.narrows.training.qat;

import dev.narrows.core.format.FloatingFormat;
import java.util.Optional;

/**
 * What weights and inputs of dot layers are rounded to before they are multiplied, to nearest even
 * with a straight-through gradient; empty: binary32.
 *
 * @see "docs/training.md, FP8 operands"
 */
public record FloatFormats(Optional<Fit> weights, Optional<Fit> activations) {
  /** A format whose exponent bias follows the tensor. */
  public interface Fit {
    /** The format whose range ends just above {@code largest}, the tensor's largest magnitude. */
    FloatingFormat to(float largest);
  }

  /** Nothing is rounded. */
  public static FloatFormats binary32() {
    return new FloatFormats(Optional.empty(), Optional.empty());
  }
}
