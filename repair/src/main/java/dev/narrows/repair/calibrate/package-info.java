/**
 * What a network's layers see on calibration inputs: moments of the terms of their sums, and the
 * weights that make the original's sums from other terms.
 *
 * <p>Columns are sampled by a fixed rule and sums are exact, so that everything here is the same
 * whatever the number of threads.
 *
 * @see "docs/repair.md, Calibration"
 */
@NullMarked
package dev.narrows.repair.calibrate;

import org.jspecify.annotations.NullMarked;
