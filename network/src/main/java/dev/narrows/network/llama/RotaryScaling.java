package dev.narrows.network.llama;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * By what the frequencies of rotary positions are divided in models that were made to see longer
 * texts than they were first trained on, [headSize / 2], in binary32.
 */
final class RotaryScaling {
  private RotaryScaling() {}

  /** All by the same: a text of n times the length turns as far. */
  static List<Float> linear(int headSize, float factor) {
    return factor == 1 ? List.of() : Collections.nCopies(headSize / 2, factor);
  }

  /**
   * As Llama 3.1 has it: pairs that turn often in the length of the first training stay, pairs that
   * turn seldom are divided by {@code factor}, those between by something between. With r =
   * original / wavelength, a pair stays from r = high on, is divided by factor up to r = low, and
   * by 1 / ((1 − s)/factor + s), s = (r − low)/(high − low), between.
   *
   * @param original tokens of a window when first trained
   * @see <a href="https://github.com/huggingface/transformers">modeling_rope_utils.py of
   *     transformers, and llama.cpp's convert_hf_to_gguf.py, which stores these numbers</a>
   */
  static List<Float> llama3(
      int headSize, float base, float factor, float low, float high, int original) {
    List<Float> divisors = new ArrayList<>();
    for (int i = 0; i < headSize / 2; i++) {
      double frequency = StrictMath.pow(base, -2.0 * i / headSize);
      double turns = original * frequency / (2 * Math.PI); // original / wavelength
      double between = Math.clamp((turns - low) / (high - low), 0.0, 1.0);
      divisors.add((float) (1 / ((1 - between) / factor + between)));
    }
    return divisors;
  }
}
