/**
 * The vector twins of {@code dev.narrows.core.dot}: matrix products in which every output is a dot
 * product summed in a given accumulator and order, bit for bit as {@link
 * dev.narrows.core.dot.Dot#sum} gives it.
 *
 * <p>Lanes run across outputs (columns), never along k, because the order of the terms is part of
 * the answer; the weight is a broadcast scalar, so that weights of zero are skipped for free.
 *
 * <p>Vectors have the preferred shape of the machine. The system property {@code
 * narrows.vector.bits} (128, 256 or 512) asks for another; CI runs the tests again in each that is
 * narrower.
 *
 * <p>The bound, the profile and the sums of a weight matrix:
 *
 * {@snippet file="Consumer.java" region="matrix"}
 *
 * <p>These are the doors. Behind them lie {@code integer}, {@code sorting}, {@code floating} and
 * {@code lanes}, which no other module sees.
 *
 * @see "docs/kernels.md"
 */
@NullMarked
package dev.narrows.kernels;

import org.jspecify.annotations.NullMarked;
