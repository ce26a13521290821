/** What is proved of a layer's sums, and how C may therefore make them. */
@NullMarked
package dev.narrows.hardware.c.sum;

import org.jspecify.annotations.NullMarked;
