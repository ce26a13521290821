/**
 * Networks as files of ONNX: plain, QDQ, QOperator and QONNX. {@code LayerNodes} says how each kind
 * of layer is written; a layer that it does not know is an error that names it.
 *
 * @see "docs/onnx.md"
 */
@NullMarked
package dev.narrows.network.onnx.write;

import org.jspecify.annotations.NullMarked;
