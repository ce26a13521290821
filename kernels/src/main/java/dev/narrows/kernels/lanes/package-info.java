/**
 * What all kernels share: the vector shape of this run, panels of columns, work memory, and which
 * orders have a fast twin.
 */
@NullMarked
package dev.narrows.kernels.lanes;

import org.jspecify.annotations.NullMarked;
