package dev.narrows.network.layer;

/**
 * A layer without a register that makes floats: computed in binary32 and binary64 in a stated
 * order. Where a transcendental is needed it is {@link StrictMath}'s, so that every machine gives
 * the same bits.
 */
public sealed interface FloatFunction extends FunctionLayer
    permits Elementwise,
        Activation,
        ShapedActivation,
        Reduce,
        Blend,
        RoundTo,
        RoundToFloat,
        MeanPool,
        Softmax,
        Normalization,
        Rotary,
        Embedding,
        Positions,
        Store,
        Dequantize,
        ScaledCodes,
        DynamicScale,
        ScaledSums {}
