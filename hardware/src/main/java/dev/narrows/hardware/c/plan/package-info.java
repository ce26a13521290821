/** Where tensors lie: static buffers that are used again. */
@NullMarked
package dev.narrows.hardware.c.plan;

import org.jspecify.annotations.NullMarked;
