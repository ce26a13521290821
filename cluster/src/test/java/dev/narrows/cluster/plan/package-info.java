/** Simulations of clusters larger than those at hand; started by hand. */
@NullMarked
package dev.narrows.cluster.plan;

import org.jspecify.annotations.NullMarked;
