package dev.narrows.core.quantize.a2q;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Which norm limit weights are trained under.
 *
 * @see "docs/training.md, A2Q"
 */
public enum NormMethod {
  /** ‖q‖₁ ≤ (2^(P−1) − 1) / 2^(A − 1_s), weights as they are (arXiv 2308.13504). */
  A2Q("a2q"),
  /** ‖q‖₁ ≤ (2^P − 2) / (2^A − 1), weights centred about zero (arXiv 2401.10432). */
  A2Q_PLUS("a2q+"),
  /**
   * The exact condition on the integers, Σ max(0, q·a, q·b) ≤ 2^(P−1) − 1 and so for negative sums,
   * instead of a norm that implies it; rounded to nearest, then thresholded (ours), see {@link
   * Sides}.
   */
  SIGN_SUM("sign-sum");

  private final String text;

  NormMethod(String text) {
    this.text = text;
  }

  /** Whether a channel's mean is taken off its weights. */
  public boolean centred() {
    return this == A2Q_PLUS;
  }

  /** The method called {@code text}, {@code a2q} or {@code a2q+}. */
  public static NormMethod parse(String text) {
    return Arrays.stream(values())
        .filter(method -> method.text.equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "expected one of %s, found \"%s\""
                    .formatted(
                        Arrays.stream(values())
                            .map(NormMethod::toString)
                            .collect(Collectors.joining(", ")),
                        text)));
  }

  @Override
  public String toString() {
    return text;
  }
}
