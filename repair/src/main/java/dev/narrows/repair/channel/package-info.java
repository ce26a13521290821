/**
 * One output channel under a guarantee: integers and a scale for real weights, such that no input
 * in [a, b] can bring a register out of its range, and the channel's sums change as little as they
 * can on calibration inputs.
 *
 * @see "docs/repair.md"
 */
@NullMarked
package dev.narrows.repair.channel;

import org.jspecify.annotations.NullMarked;
