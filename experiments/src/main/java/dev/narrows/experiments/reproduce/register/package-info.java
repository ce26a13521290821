/** Figures of our own about training through the register. */
@NullMarked
package dev.narrows.experiments.reproduce.register;

import org.jspecify.annotations.NullMarked;
