/**
 * Networks under a guarantee: every layer of dot products gets weights, scales and biases with
 * which no input can overflow its register, one layer after another, each on what the repaired
 * layers before it make.
 *
 * @see "docs/repair.md, A network"
 */
@NullMarked
package dev.narrows.repair.network;

import org.jspecify.annotations.NullMarked;
