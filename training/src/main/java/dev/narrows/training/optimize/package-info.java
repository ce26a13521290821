/** Gradient steps on plain arrays, by optimisers whose whole state is two arrays and a counter. */
@NullMarked
package dev.narrows.training.optimize;

import org.jspecify.annotations.NullMarked;
