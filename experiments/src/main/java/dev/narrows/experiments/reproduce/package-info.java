/**
 * Figures and tables of the papers made again. Each {@link
 * dev.narrows.experiments.reproduce.figure.Figure} trains and evaluates what it needs in a {@link
 * dev.narrows.experiments.reproduce.figure.Workshop}, which keeps every finished part, and shows
 * what the paper claims beside what came out. A new figure is a class in its paper's package, its
 * prose in a resource beside it, and a line in {@link dev.narrows.experiments.reproduce.Figures}.
 */
@NullMarked
package dev.narrows.experiments.reproduce;

import org.jspecify.annotations.NullMarked;
