package dev.narrows.core.bound;

import dev.narrows.core.format.IntegerRange;

/**
 * What is known of the terms of one output channel before any input is seen: each is an input times
 * a weight, or times another input.
 */
public sealed interface ChannelTerms permits DotChannel, ProductChannel {
  /** K. */
  int terms();

  /** [a, b], the range of every input as the register sees it. */
  IntegerRange inputs();

  /** What the register holds before the first term; 0 when the bias is added afterwards. */
  long preload();

  /** ‖q‖₁, or the largest it can be where the second factor is an input too. */
  long norm();

  /** W: the width of the smallest signed type that holds every second factor. */
  int weightBits();
}
