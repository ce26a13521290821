/**
 * A network under many accumulators: which images a register can change at all, what it changes,
 * and the narrowest that is good enough.
 *
 * <p>P is the width of a register in bits; a dot product is clean, transient or persistent at P as
 * in {@link dev.narrows.core.dot.OverflowClass}.
 */
@NullMarked
package dev.narrows.experiments.evaluate;

import org.jspecify.annotations.NullMarked;
