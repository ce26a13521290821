/** What {@code bench} runs: kernels, other programs in turns with them, commands as processes. */
@NullMarked
package dev.narrows.cli.bench;

import org.jspecify.annotations.NullMarked;
