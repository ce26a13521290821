/** Generated C, compiled and run. */
@NullMarked
package dev.narrows.hardware.c;

import org.jspecify.annotations.NullMarked;
