/**
 * GGUF, the file form of llama.cpp: metadata, a directory of tensors, and their elements, mostly in
 * blocks of a few bits a weight. A file is mapped, not copied; blocks become binary32 numbers row
 * by row, where they are asked for. What a model does with its tensors is not known here.
 */
@NullMarked
package dev.narrows.network.gguf;

import org.jspecify.annotations.NullMarked;
