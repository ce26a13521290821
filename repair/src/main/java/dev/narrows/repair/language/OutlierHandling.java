package dev.narrows.repair.language;

import dev.narrows.network.llama.TokenPreparation;

/**
 * What is done about activations that are much larger than others of their token.
 *
 * @param migrate whether activations lend powers of two to weights, channel by channel
 * @param rotate whether channels are turned by Hadamard matrices; see {@link TokenPreparation}
 */
public record OutlierHandling(boolean migrate, boolean rotate) {
  /** Nothing. */
  public static final OutlierHandling NONE = new OutlierHandling(false, false);

  /** What is said of it behind other words; nothing of {@link #NONE}. */
  public String words() {
    return (migrate ? ", powers of two lent" : "") + (rotate ? ", rotated" : "");
  }
}
