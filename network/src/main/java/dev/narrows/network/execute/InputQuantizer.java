package dev.narrows.network.execute;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;

/** Real inputs to a network's input codes, by its input quantisation. */
public record InputQuantizer(Quantization quantization) {
  /** The quantizer of a network's input. */
  public static InputQuantizer of(Network network) {
    return new InputQuantizer(network.input().quantization());
  }

  /**
   * The codes of real values: rounded half to even, then clamped to the format.
   *
   * @throws IllegalArgumentException naming the element that is NaN
   */
  public int[] codes(float[] reals) {
    int[] codes = new int[reals.length];
    for (int i = 0; i < reals.length; i++) {
      if (Float.isNaN(reals[i])) {
        throw new IllegalArgumentException("input element " + i + " is NaN");
      }
      codes[i] = (int) quantization.quantize(reals[i]);
    }
    return codes;
  }
}
