/**
 * ONNX files with other constants. Where in a file a layer's constants lie is found by reading it:
 * marks in their place come out where the constants went, however the reader moved them.
 */
@NullMarked
package dev.narrows.network.onnx.edit;

import org.jspecify.annotations.NullMarked;
