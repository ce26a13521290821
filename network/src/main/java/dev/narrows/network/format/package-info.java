/**
 * Our own file form, {@code network.narrows}: a safetensors file with the graph as JSON in its
 * metadata, and weights, biases and requantisation as tensors named {@code <layer>.<part>}.
 *
 * <p>The JSON's first key is {@code "schema": "narrows/network/1"}. Keys that the reader does not
 * know, and tensors that no layer names, are refused: they would be meaning lost.
 */
@NullMarked
package dev.narrows.network.format;

import org.jspecify.annotations.NullMarked;
