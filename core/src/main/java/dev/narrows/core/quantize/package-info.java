/**
 * Uniform affine quantisation, x ≈ s·(q − z), and requantisation, the way from a sum back to a
 * code.
 */
@NullMarked
package dev.narrows.core.quantize;

import org.jspecify.annotations.NullMarked;
