/** Repair without training beside what others do to the same float weights. */
@NullMarked
package dev.narrows.experiments.reproduce.repair;

import org.jspecify.annotations.NullMarked;
