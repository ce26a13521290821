/**
 * What a dot layer multiplies its input with, and what becomes of the sums: integer or float
 * operands.
 *
 * <p>K is the number of terms of a dot product, flattened as kernel row, kernel column, input
 * channel. Arrays inside records are shared, not copied: do not modify them.
 */
@NullMarked
package dev.narrows.network.weights;

import org.jspecify.annotations.NullMarked;
