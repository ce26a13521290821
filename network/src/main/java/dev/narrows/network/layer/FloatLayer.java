package dev.narrows.network.layer;

/**
 * A layer that makes real numbers and has no integer form. All but {@link MatMul} are computed in
 * binary32 and binary64 in a stated order whatever register a run asks for; where a transcendental
 * is needed it is {@link StrictMath}'s, so that every machine gives the same bits.
 */
public sealed interface FloatLayer extends Layer
    permits MatMul,
        Elementwise,
        Activation,
        MeanPool,
        Softmax,
        Normalization,
        Rotary,
        Embedding,
        Positions,
        Store,
        Dequantize {}
