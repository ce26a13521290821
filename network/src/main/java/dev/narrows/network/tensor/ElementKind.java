package dev.narrows.network.tensor;

import dev.narrows.core.format.FloatingFormat;
import dev.narrows.core.quantize.Quantization;
import java.util.Optional;

/** What the elements of a tensor are: integer codes, or real numbers. */
public sealed interface ElementKind {
  /** Integers that stand for scale · (code − zero point); token ids have scale 1 and zero 0. */
  record Codes(Quantization quantization) implements ElementKind {
    public Codes {
      if (quantization.format().max() > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "codes of a tensor must fit a signed 32-bit integer, got " + quantization.format());
      }
    }

    @Override
    public String toString() {
      return quantization.format().toString();
    }
  }

  /**
   * Real numbers, carried in IEEE binary32.
   *
   * @param stored a format that the layer which makes the tensor rounds them to, to nearest even,
   *     as the last thing it does: FP8 activations
   */
  record Binary32(Optional<FloatingFormat> stored) implements ElementKind {
    /** All of binary32. */
    public Binary32() {
      this(Optional.empty());
    }

    @Override
    public String toString() {
      return stored.map(FloatingFormat::toString).orElse("float32");
    }
  }
}
