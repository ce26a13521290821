/**
 * The layers of a network, a record each, under one sealed interface.
 *
 * <p>K is the number of terms of a dot product, flattened as kernel row, kernel column, input
 * channel. Arrays inside records are shared, not copied: do not modify them.
 */
@NullMarked
package dev.narrows.network.layer;

import org.jspecify.annotations.NullMarked;
