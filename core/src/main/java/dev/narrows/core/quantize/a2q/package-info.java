/**
 * Weights whose ℓ₁ norm is trained under a limit that a narrow accumulator sets: A2Q (Colbert et
 * al., ICCV 2023, arXiv 2308.13504) and A2Q+ (ICML 2024, arXiv 2401.10432), one output channel at a
 * time, in float64. Nothing here knows a training library: values and gradients are plain arrays.
 *
 * <p>Symbols: v the free weights, s = 2^d the scale and g = 2^t the wanted norm of a channel; q the
 * integers; W their width; P the width of the accumulator; A that of the inputs, 1_s is 1 if they
 * are signed.
 */
@NullMarked
package dev.narrows.core.quantize.a2q;

import org.jspecify.annotations.NullMarked;
