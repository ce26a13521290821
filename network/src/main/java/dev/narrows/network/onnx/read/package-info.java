/**
 * From ONNX to Narrows: graphs whose operators Narrows has become networks of layers.
 *
 * <p>A value of the graph is a tensor of the network whose words stand in ONNX's own order
 * (row-major over all dimensions, the batch included): a layer that wants another factorisation
 * into channels, rows and columns, or another order, is put behind a {@link
 * dev.narrows.network.layer.Rearrange}.
 *
 * <h2>How to add an operator</h2>
 *
 * Write a {@link dev.narrows.network.onnx.read.NodeLowering} in the class of its family and add its
 * line to that class's table; {@code NativeOperators} gathers the tables.
 */
@NullMarked
package dev.narrows.network.onnx.read;

import org.jspecify.annotations.NullMarked;
