/**
 * Which summation orders can change the result of one dot product, and by how much. What holds here
 * holds for every order of the terms and every tree of additions; derivations are in {@code
 * docs/order.md}.
 *
 * <p>Symbols: t the terms, n how many of them are not 0, A = Σ|t|, P and [L, U] as in {@code
 * core.accumulator}, m the fraction bits of a floating-point format and b its bias, u the relative
 * error of one rounding.
 */
@NullMarked
package dev.narrows.core.order;

import org.jspecify.annotations.NullMarked;
