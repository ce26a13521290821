/** Figures about gates and LUTs, without a network. */
@NullMarked
package dev.narrows.experiments.reproduce.gates;

import org.jspecify.annotations.NullMarked;
