/** Integers for the matrices of language models: rounded, or fed back under a guarantee. */
@NullMarked
package dev.narrows.repair.language;

import org.jspecify.annotations.NullMarked;
