/**
 * Making dot products shorter: N:M masks, whole channels, low rank. Weights are [C][K], output
 * channel first, K in flattening order. "N:M" means keep N of every M consecutive weights along K.
 */
@NullMarked
package dev.narrows.core.prune;

import org.jspecify.annotations.NullMarked;
