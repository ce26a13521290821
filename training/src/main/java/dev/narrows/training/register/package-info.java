/** Training through any register that the kernels can simulate. */
@NullMarked
package dev.narrows.training.register;

import org.jspecify.annotations.NullMarked;
