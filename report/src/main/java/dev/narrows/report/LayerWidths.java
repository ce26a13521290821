package dev.narrows.report;

import java.util.Optional;

/**
 * Widths that no input can overflow, each by one of the bounds of docs/bounds.md, in bits.
 *
 * @param dataType by K and the types of weights and inputs alone
 * @param l1 by the greatest ℓ₁ norm of a channel's weights
 * @param zeroCentred by A2Q+; only where every channel's weights sum to zero and 0 is in the input
 *     range
 * @param signSum by the signs of the weights; exact: covers every order, and below it some input
 *     overflows
 */
public record LayerWidths(int dataType, int l1, Optional<Integer> zeroCentred, int signSum) {}
