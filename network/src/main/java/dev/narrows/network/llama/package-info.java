/**
 * Language models of the llama family, in llama2.c's first file form and in GGUF: a model as a
 * network of a given length, its tokenizer, a runner that reads weights where they are needed, the
 * loss of a text, and a sampler.
 */
@NullMarked
package dev.narrows.network.llama;

import org.jspecify.annotations.NullMarked;
