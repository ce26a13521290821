/**
 * The layers of a network, a record each, under one sealed interface.
 *
 * <p>K is the number of terms of a dot product, flattened as kernel row, kernel column, input
 * channel. Arrays inside records are shared, not copied: do not modify them.
 *
 * <h2>How to add a layer</h2>
 *
 * A {@link dev.narrows.network.layer.FunctionLayer}, which needs no register, takes four files:
 *
 * <ol>
 *   <li>the record: its {@code kind}, what it {@code check}s, what it computes in plain code, and
 *       the {@code codes} it makes of ranges, if it knows better than its output's format;
 *   <li>the {@code permits} line of the interface it implements. A function of each element by
 *       itself is a {@link dev.narrows.network.layer.PointwiseLayer}, of two elements a {@link
 *       dev.narrows.network.layer.CodePair}, of the channels at a position a {@link
 *       dev.narrows.network.layer.CodeFunction};
 *   <li>its codec in {@code network.format}, reading beside writing;
 *   <li>that codec's line in {@code LayerCodecs}.
 * </ol>
 *
 * With these it is read and written, run by both executors, analysed, certified and verified. What
 * only some layers need is added where it is wanted: a faster step in {@code FunctionSteps} (the
 * default runs the plain code), a form in another file format (the default lists the layer as one
 * that the format cannot express), a tighter range in {@code verify}, which derives its own (the
 * default tries every code of a pointwise layer, and of others takes their output's format).
 *
 * <p>An {@link dev.narrows.network.layer.InputLayer} reads nothing: it stands for a further input
 * of the network, or for a state.
 *
 * <p>A {@link dev.narrows.network.layer.SummingLayer} has a register, and so there is no default:
 * the compiler names each place that must decide how it is summed, bounded and checked.
 */
@NullMarked
package dev.narrows.network.layer;

import org.jspecify.annotations.NullMarked;
