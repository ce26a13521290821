/** Layers as functions of C: constants, text and what they need. */
@NullMarked
package dev.narrows.hardware.c.code;

import org.jspecify.annotations.NullMarked;
