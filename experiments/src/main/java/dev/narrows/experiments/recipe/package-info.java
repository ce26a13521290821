/**
 * A recipe: everything that determines a training run, read strictly from YAML and written back
 * with every {@code auto} resolved.
 *
 * <p>W and A are the bits of weights and activations, P those of the accumulator; N:M means that N
 * of every M consecutive weights are kept.
 */
@NullMarked
package dev.narrows.experiments.recipe;

import org.jspecify.annotations.NullMarked;
