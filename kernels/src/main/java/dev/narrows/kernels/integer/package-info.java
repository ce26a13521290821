/**
 * Sums of integers in an order that the terms do not change: exact, wrapping and saturating
 * registers, in integer lanes or, where that is exact and faster, in float lanes. What no kernel
 * covers goes through core's reference.
 */
@NullMarked
package dev.narrows.kernels.integer;

import org.jspecify.annotations.NullMarked;
