/**
 * Sums of integers in orders that depend on the terms: by magnitude, in pairs of signs, by the
 * register's sign. Terms are sorted by a network, one dot product a lane.
 */
@NullMarked
package dev.narrows.kernels.sorting;

import org.jspecify.annotations.NullMarked;
