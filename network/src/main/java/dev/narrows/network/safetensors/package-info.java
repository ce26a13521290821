/**
 * Safetensors files: named arrays behind a JSON header. The reader trusts nothing: sizes are
 * checked against the file before anything is allocated, and every byte belongs to exactly one
 * tensor.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
@NullMarked
package dev.narrows.network.safetensors;

import org.jspecify.annotations.NullMarked;
