/**
 * Analyses of networks, one class each; none changes the network it looks at.
 *
 * <p>[a, b] is the range of what a layer multiplies; it holds in every run, whatever registers the
 * layers before it have.
 */
@NullMarked
package dev.narrows.network.pass;

import org.jspecify.annotations.NullMarked;
