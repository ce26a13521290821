/** Networks that others trained and quantised, in registers they were not made for. */
@NullMarked
package dev.narrows.experiments.reproduce.field;

import org.jspecify.annotations.NullMarked;
