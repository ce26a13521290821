/**
 * Language models in llama2.c's first file form: the checkpoint as a network of a given length, its
 * tokenizer, the loss of a text, and a sampler.
 */
@NullMarked
package dev.narrows.network.llama;

import org.jspecify.annotations.NullMarked;
