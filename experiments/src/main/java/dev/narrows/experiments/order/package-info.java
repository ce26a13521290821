/**
 * Which summation orders can change what a network computes on real data: every dot product is
 * proved, refuted or left undecided (docs/order.md).
 */
@NullMarked
package dev.narrows.experiments.order;

import org.jspecify.annotations.NullMarked;
