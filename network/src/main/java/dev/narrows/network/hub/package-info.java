/**
 * Models as the Hugging Face Hub keeps them: a folder with {@code config.json}, tensors in one
 * safetensors file or in several that an index names, and a {@code tokenizer.json}. Nothing in such
 * a folder is trusted.
 *
 * @see "the package transformers, Configuration"
 */
@NullMarked
package dev.narrows.network.hub;

import org.jspecify.annotations.NullMarked;
