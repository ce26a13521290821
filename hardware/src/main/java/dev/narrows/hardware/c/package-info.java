/**
 * Networks as C: one file and a header, no allocation, buffers of stated size, every sum in the
 * register that its certificate allows.
 */
@NullMarked
package dev.narrows.hardware.c;

import org.jspecify.annotations.NullMarked;
