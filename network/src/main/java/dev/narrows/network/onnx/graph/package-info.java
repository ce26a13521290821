/** An ONNX model as its file says it: checked, with every size bounded, nothing computed. */
@NullMarked
package dev.narrows.network.onnx.graph;

import org.jspecify.annotations.NullMarked;
