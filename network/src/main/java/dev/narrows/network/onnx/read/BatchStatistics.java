package dev.narrows.network.onnx.read;

/**
 * A batch norm of a file, as training needs it; a network has only what it computes in evaluation.
 *
 * @param name of its node
 * @param input the tensor that is normalised
 * @param scale γ by channel
 * @param shift β by channel
 * @param mean running mean by channel
 * @param variance running variance by channel
 * @param epsilon ε
 * @param momentum share of the running statistics that a step of training keeps
 */
public record BatchStatistics(
    String name,
    int input,
    float[] scale,
    float[] shift,
    float[] mean,
    float[] variance,
    float epsilon,
    float momentum) {}
