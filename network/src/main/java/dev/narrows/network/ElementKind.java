package dev.narrows.network;

import dev.narrows.core.quantize.Quantization;

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

  /** Numbers in IEEE binary32; never NaN in a network that got finite inputs. */
  record Reals() implements ElementKind {
    @Override
    public String toString() {
      return "float32";
    }
  }
}
