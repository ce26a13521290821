/**
 * A register for each layer of a model, chosen together: what {@code narrow} does with a file and
 * data. Budgets and losses are points of accuracy, widths are bits.
 *
 * @see "docs/narrow.md"
 */
@NullMarked
package dev.narrows.experiments.narrow;

import org.jspecify.annotations.NullMarked;
