/**
 * One dot product: the orders in which its terms may be added, what each order makes of it in a
 * given accumulator, and the profile of many. Plain scalar code, the reference for every kernel.
 *
 * <p>K is the number of terms, P the width of the register in bits. A <em>write</em> is a value
 * that some P-bit register would hold: every running sum, chunk partial and pair sum, and the
 * initial value.
 */
@NullMarked
package dev.narrows.core.dot;

import org.jspecify.annotations.NullMarked;
