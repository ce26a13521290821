package dev.narrows.core.dot;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Why the gradient of a product may be cut: the fine-grained gradients of LBA, names from the
 * paper. The empty set is the identity; of a larger set every member cuts.
 *
 * @see "docs/accumulators.md, Fine-grained gradients; LBA, arXiv 2401.14110"
 * @see "docs/training.md, equation (30)"
 */
public enum GradientMask {
  /** Step k overflowed, in its product or its sum. */
  IMMEDIATE_OF("immediate/of"),
  /**
   * Product k overflowed, or a sum on its path to the output did: that of a step from k on in its
   * chunk, or a join from its chunk's on. (That another step's product was clamped changes nothing
   * for product k.)
   */
  RECURSIVE_OF("recursive/of"),
  /** Step k moved the register by less than ε·|x·w|; products of exactly zero are never cut. */
  IMMEDIATE_DIFF("immediate/diff");

  private static final String IDENTITY = "identity";
  private final String text;

  GradientMask(String text) {
    this.text = text;
  }

  /**
   * Reads {@code identity}, or masks joined by +, such as {@code recursive/of+immediate/diff}.
   *
   * @throws IllegalArgumentException naming what was found and what was expected
   */
  public static Set<GradientMask> parse(String text) {
    EnumSet<GradientMask> masks = EnumSet.noneOf(GradientMask.class);
    if (!text.strip().equals(IDENTITY)) {
      for (String part : text.strip().split("\\+", -1)) {
        masks.add(
            Arrays.stream(values())
                .filter(mask -> mask.text.equals(part.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> unknown(text, part)));
      }
    }
    return Collections.unmodifiableSet(masks);
  }

  private static IllegalArgumentException unknown(String text, String part) {
    return new IllegalArgumentException(
        "gradient \"%s\": found \"%s\", expected identity, or %s joined by +"
            .formatted(text, part, Arrays.stream(values()).map(GradientMask::toString).toList()));
  }

  /** The text that {@link #parse} reads. */
  public static String text(Set<GradientMask> masks) {
    return masks.isEmpty()
        ? IDENTITY
        : Arrays.stream(values())
            .filter(masks::contains)
            .map(GradientMask::toString)
            .collect(Collectors.joining("+"));
  }

  @Override
  public String toString() {
    return text;
  }
}
