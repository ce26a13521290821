/**
 * How wide a register must be so that no input overflows it: bounds, the norms they allow, and the
 * certificate that states the exact one with its proof. Derivations, sources and ranges of validity
 * are in {@code docs/bounds.md}.
 *
 * {@snippet file="Consumer.java" region="bound"}
 *
 * <p>Symbols: K terms; q the integer weights of one output channel and x its inputs, both as the
 * register sees them (zero points already taken off where the convention says so); [a, b] the range
 * of x; A the width of the smallest type that holds x, W that of q; 1_s is 1 when that input type
 * is signed, else 0; P the width of the register. All widths are in bits, sign included, and all
 * arithmetic is in {@code long} (checked) or {@code BigInteger}: a bound in floating point is no
 * bound.
 */
@NullMarked
package dev.narrows.core.bound;

import org.jspecify.annotations.NullMarked;
