/**
 * Kernels in figures: each beside a yardstick measured in the same run, and beside what this
 * processor's ports allow. {@code ./narrows bench} prints them.
 *
 * @see "docs/kernels.md, The machine's own limit"
 */
@NullMarked
package dev.narrows.benchmarks;

import org.jspecify.annotations.NullMarked;
