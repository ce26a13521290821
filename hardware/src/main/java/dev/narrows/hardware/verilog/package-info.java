/**
 * Layers of dot products as Verilog, with vectors to simulate them and proofs of their registers.
 *
 * @see "docs/hardware.md"
 */
@NullMarked
package dev.narrows.hardware.verilog;

import org.jspecify.annotations.NullMarked;
