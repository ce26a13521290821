/** Integer formats and the width, in bits, that values need; small floating-point formats. */
@NullMarked
package dev.narrows.core.format;

import org.jspecify.annotations.NullMarked;
