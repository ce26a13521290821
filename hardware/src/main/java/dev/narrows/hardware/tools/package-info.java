/** Programs of others that check or measure what is generated: yosys, iverilog and their kind. */
@NullMarked
package dev.narrows.hardware.tools;

import org.jspecify.annotations.NullMarked;
