package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.tensor.TensorType;

/**
 * What an operator reads: a tensor of the network being built.
 *
 * @param tensor its index in the network
 * @param shape the file's
 */
record GraphValue(int tensor, FileShape shape, TensorType type) {}
