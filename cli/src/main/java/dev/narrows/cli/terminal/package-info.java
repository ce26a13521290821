/** Where output goes: data to standard output, progress and messages to standard error. */
@NullMarked
package dev.narrows.cli.terminal;

import org.jspecify.annotations.NullMarked;
