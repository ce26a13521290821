/**
 * A register for each layer of a network, chosen together: the search for the fewest bits, and what
 * a sample of images says of images that nobody has seen.
 *
 * <p>Widths are bits of a register. A loss is the share of images that only exact registers get
 * right less the share that only the plan gets right; budgets and losses are shares here, not
 * percent.
 *
 * @see "docs/narrow.md"
 */
@NullMarked
package dev.narrows.repair.plan;

import org.jspecify.annotations.NullMarked;
