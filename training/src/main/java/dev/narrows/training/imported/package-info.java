/**
 * From the network that an ONNX file is to a model that can be trained: layers of products and
 * batch norms become nodes with arrays, what the file adds or multiplies becomes trained numbers,
 * and all else is taken over layer by layer.
 */
@NullMarked
package dev.narrows.training.imported;

import org.jspecify.annotations.NullMarked;
