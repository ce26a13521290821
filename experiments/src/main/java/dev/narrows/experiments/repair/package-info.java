/**
 * Networks under a guarantee, from a model's file and data to a result.
 *
 * @see "docs/repair.md"
 */
@NullMarked
package dev.narrows.experiments.repair;

import org.jspecify.annotations.NullMarked;
