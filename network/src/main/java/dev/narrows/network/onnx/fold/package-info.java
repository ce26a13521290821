/**
 * Computes what a graph makes of constants alone, such as the shapes that an exporter works out
 * node by node: with ONNX's own semantics, within a bound of memory and time.
 */
@NullMarked
package dev.narrows.network.onnx.fold;

import org.jspecify.annotations.NullMarked;
