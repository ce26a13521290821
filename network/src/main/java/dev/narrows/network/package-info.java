/**
 * The graph every analysis, simulation and export works on: a list of layers whose tensors hold
 * integer codes or binary32 numbers, whatever file or training made them.
 *
 * <p>Beneath it, from the ground up: {@code tensor} says what a tensor is, {@code weights} what a
 * dot layer multiplies, {@code layer} what the layers are.
 */
@NullMarked
package dev.narrows.network;

import org.jspecify.annotations.NullMarked;
