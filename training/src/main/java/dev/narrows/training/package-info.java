/**
 * Quantisation-aware training on libtorch and lowering to an integer {@code Network}. This package
 * holds only what every package of the room shares: its one exception.
 */
@NullMarked
package dev.narrows.training;

import org.jspecify.annotations.NullMarked;
