/**
 * Reads TFLite files. The file is untrusted: every offset, count and depth of its FlatBuffer is
 * checked before it is used, and nothing is allocated that the file's own size does not pay for.
 */
@NullMarked
package dev.narrows.network.tflite;

import org.jspecify.annotations.NullMarked;
