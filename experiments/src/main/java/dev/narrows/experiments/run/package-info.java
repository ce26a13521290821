/** A run on disk: its recipe, where it ran, its metrics, checkpoint, network and results. */
@NullMarked
package dev.narrows.experiments.run;

import org.jspecify.annotations.NullMarked;
