/**
 * A grid of runs: what a sweep file asks for, trials as processes of their own, what each one
 * shows, the table and database of all of them, and the Pareto front.
 */
@NullMarked
package dev.narrows.experiments.sweep;

import org.jspecify.annotations.NullMarked;
