package dev.narrows.report;

import java.util.Optional;

/**
 * A layer of dot products of real numbers; bounds on integer widths are not defined for it.
 *
 * @param name of the layer
 * @param kind conv2d, depthwiseConv2d, transposeConv2d, dense, matmul
 * @param terms K: how many products one sum adds
 * @param channels output channels
 * @param accumulator the register this layer runs in, in text form
 * @param errorFactor of a floating-point register: in its order a sum is off by at most this times
 *     Σ|w·x|, unless something is flushed to zero or clamped
 */
public record FloatSumLayer(
    String name,
    String kind,
    int terms,
    int channels,
    String accumulator,
    Optional<Double> errorFactor) {}
