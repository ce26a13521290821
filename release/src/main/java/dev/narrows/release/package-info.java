/** Packs the tool, with a Java runtime of its own, into archives that are the same bytes twice. */
@NullMarked
package dev.narrows.release;

import org.jspecify.annotations.NullMarked;
