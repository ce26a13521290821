package dev.narrows.kernels.floating;

import dev.narrows.core.dot.GradientMask;
import java.util.Set;

/**
 * What the masks of a backward pass cut: each −1 or 0.
 *
 * @param byProduct a term whose product was clamped
 * @param bySum a term whose sum was clamped
 * @param byMove a term that moved the register by less than epsilon of its product
 * @param recursive a term before a clamped sum or join on its path
 */
record GradientCuts(int byProduct, int bySum, int byMove, int recursive, float epsilon) {
  static GradientCuts of(Set<GradientMask> masks, float epsilon) {
    boolean immediate = masks.contains(GradientMask.IMMEDIATE_OF);
    boolean recursive = masks.contains(GradientMask.RECURSIVE_OF);
    return new GradientCuts(
        immediate || recursive ? -1 : 0,
        immediate ? -1 : 0,
        masks.contains(GradientMask.IMMEDIATE_DIFF) ? -1 : 0,
        recursive ? -1 : 0,
        epsilon);
  }
}
