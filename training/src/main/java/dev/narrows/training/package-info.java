/**
 * Quantisation-aware training on libtorch and lowering to an integer network, behind the
 * experiments' Trainer interface.
 */
@NullMarked
package dev.narrows.training;

import org.jspecify.annotations.NullMarked;
