/**
 * Targets as users write them, and the verdict on a network: what bounds prove, and what data show.
 *
 * @see "docs/targets.md"
 */
@NullMarked
package dev.narrows.experiments.targets;

import org.jspecify.annotations.NullMarked;
