/**
 * How many products a SIMD reduction may add before it must widen: the largest safe chain, the
 * input that breaks one step more, and guard code.
 *
 * <p>n is the number of items that one lane of the level in question adds, K the number of products
 * of the dot product, [lo, hi] what a register can reach.
 *
 * @see "docs/lanes.md"
 */
@NullMarked
package dev.narrows.hardware.lanes;

import org.jspecify.annotations.NullMarked;
