/**
 * The graph every analysis, simulation and export works on: a list of layers whose tensors hold
 * integer codes, whatever file or training made them.
 *
 * <p>K is the number of terms of a dot product, flattened as kernel row, kernel column, input
 * channel. Arrays inside records are shared, not copied: do not modify them.
 */
@NullMarked
package dev.narrows.network;

import org.jspecify.annotations.NullMarked;
