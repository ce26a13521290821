/** Calls from another program over a pipe: commands, and the kernels on arrays in mapped files. */
@NullMarked
package dev.narrows.cli.worker;

import org.jspecify.annotations.NullMarked;
