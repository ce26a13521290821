/**
 * Text that a user wrote, read strictly: every value knows its file, line and column, so that an
 * error can say where it lies and what was expected there.
 */
@NullMarked
package dev.narrows.experiments.input;

import org.jspecify.annotations.NullMarked;
