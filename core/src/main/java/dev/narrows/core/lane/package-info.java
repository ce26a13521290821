/**
 * Reductions of SIMD kernels: a chain of registers, each with a width, a sign and a policy of its
 * own, that the products of one dot product pass through on their way to a wide sum. Records, text
 * form and plain scalar reference.
 *
 * <p>A <em>level</em> is a register and what it adds; its <em>items</em> are the products, or what
 * the level before it hands over. A <em>lane</em> is one copy of the register, and a <em>step</em>
 * one addition to it. n is the length of the chain that is asked about.
 *
 * @see "docs/lanes.md"
 */
@NullMarked
package dev.narrows.core.lane;

import org.jspecify.annotations.NullMarked;
