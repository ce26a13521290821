/** The command line: each command parses, calls, prints and gives its exit code. */
@NullMarked
package dev.narrows.cli;

import org.jspecify.annotations.NullMarked;
