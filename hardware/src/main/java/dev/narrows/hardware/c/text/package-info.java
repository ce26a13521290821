/** C as text: identifiers, comments, constants and the pieces that generated files are made of. */
@NullMarked
package dev.narrows.hardware.c.text;

import org.jspecify.annotations.NullMarked;
