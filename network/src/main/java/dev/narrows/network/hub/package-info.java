/**
 * Models as the Hugging Face Hub keeps them: a folder with {@code config.json}, tensors in one
 * safetensors file or in several that an index names, and a {@code tokenizer.json}. Nothing in such
 * a folder is trusted.
 *
 * @see <a href="https://huggingface.co/docs/transformers/main_classes/configuration">the
 *     configuration's keys</a>
 */
@NullMarked
package dev.narrows.network.hub;

import org.jspecify.annotations.NullMarked;
