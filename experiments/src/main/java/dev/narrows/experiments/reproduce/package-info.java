/**
 * Figures and tables of the papers made again: each {@link
 * dev.narrows.experiments.reproduce.Figure} trains and evaluates what it needs in a {@link
 * dev.narrows.experiments.reproduce.Workshop}, which keeps every finished part, and says what the
 * paper claims beside what came out. A new figure is one class and its line in {@link
 * dev.narrows.experiments.reproduce.Figures}.
 */
@NullMarked
package dev.narrows.experiments.reproduce;

import org.jspecify.annotations.NullMarked;
