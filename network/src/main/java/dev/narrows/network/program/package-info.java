/**
 * ONNX graphs that are not all Narrows' own: what multiplies and adds is run as networks of layers,
 * in any register; what sums no products is run by a runtime of others.
 *
 * <p>A {@link dev.narrows.network.program.Program} is a graph cut into steps, in an order in which
 * each reads what earlier ones made:
 *
 * <ul>
 *   <li><b>own</b> steps, one for each node that sums products: when the shapes of its inputs are
 *       known, its nodes become a small network, by the same lowering as those of whole files;
 *   <li><b>hosted</b> steps, as many nodes as can be together: they are handed to a {@link
 *       dev.narrows.network.hosted.HostedRuntime} as a graph of their own;
 *   <li><b>control flow</b> whose bodies sum products, and <b>recurrent cells</b>: taken apart
 *       here.
 * </ul>
 *
 * @see "docs/hosted.md"
 */
@NullMarked
package dev.narrows.network.program;

import org.jspecify.annotations.NullMarked;
