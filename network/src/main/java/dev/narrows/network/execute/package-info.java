/**
 * Runs networks on codes under any assignment of accumulators to layers. {@link
 * dev.narrows.network.execute.ReferenceExecutor} is the plain scalar truth; {@link
 * dev.narrows.network.execute.Executor} is its fast twin and gives the same bits.
 */
@NullMarked
package dev.narrows.network.execute;

import org.jspecify.annotations.NullMarked;
