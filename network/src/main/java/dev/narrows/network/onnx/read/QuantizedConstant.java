package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;

/**
 * A constant that the graph keeps as codes: what a DequantizeLinear of constants reads.
 *
 * @param codes integers
 * @param scales one, or one for each index of {@code axis}
 * @param zeroPoints as many
 * @param axis of the codes; −1 where there is one scale
 */
public record QuantizedConstant(NdTensor codes, float[] scales, long[] zeroPoints, int axis) {}
