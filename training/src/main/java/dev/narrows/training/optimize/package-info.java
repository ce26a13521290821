/**
 * Gradient steps on plain arrays: optimisers whose whole state is two arrays and a counter, and
 * learning-rate schedules.
 */
@NullMarked
package dev.narrows.training.optimize;

import org.jspecify.annotations.NullMarked;
