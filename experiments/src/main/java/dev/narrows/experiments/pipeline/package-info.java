/** From a recipe to a run folder whose network is trained, lowered and evaluated; and the demo. */
@NullMarked
package dev.narrows.experiments.pipeline;

import org.jspecify.annotations.NullMarked;
