/**
 * Targets: what a piece of hardware sums in, by layer, and what bounds prove of a network there.
 *
 * <p>P is the width of a register in bits. A sum is safe in a register if it is sure to end at its
 * exact value: in a saturating one no write of its order leaves the register, in one that wraps
 * around the sum itself fits.
 *
 * @see "docs/targets.md"
 */
@NullMarked
package dev.narrows.network.targets;

import org.jspecify.annotations.NullMarked;
