/**
 * Carries a recipe out: phases, batches, masks, checkpoints. Everything random is a pure function
 * of seed, epoch and index.
 */
@NullMarked
package dev.narrows.training.engine;

import org.jspecify.annotations.NullMarked;
