/** Integer formats and the width, in bits, that a value or a set of values needs. */
@NullMarked
package dev.narrows.core.format;

import org.jspecify.annotations.NullMarked;
