package dev.narrows.report;

/**
 * A layer of dot products of real numbers; bounds on integer widths are not defined for it.
 *
 * @param kind conv2d, depthwiseConv2d, transposeConv2d, dense, matmul
 * @param terms K
 * @param accumulator the register this layer runs in, in text form
 */
public record FloatSumLayer(
    String name, String kind, int terms, int channels, String accumulator) {}
