/**
 * ONNX files. So far the writer of QONNX: a network's integers in float32 tensors that say which
 * integers they hold, requantisation as exact thresholds.
 */
@NullMarked
package dev.narrows.network.onnx.write;

import org.jspecify.annotations.NullMarked;
