/**
 * Texts as tokens: byte-level pair encoding as GPT-2 has it, with the ways in which its descendants
 * cut a text before, the pieces of words that BERT has, and the joining of pairs that every
 * tokenizer of pairs here shares.
 */
@NullMarked
package dev.narrows.network.text;

import org.jspecify.annotations.NullMarked;
