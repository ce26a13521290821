/**
 * The door to a runtime of others: it computes the parts of a graph that sum no products. Who
 * stands behind it is found by ServiceLoader.
 */
@NullMarked
package dev.narrows.network.hosted;

import org.jspecify.annotations.NullMarked;
