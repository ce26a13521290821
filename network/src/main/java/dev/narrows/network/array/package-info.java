/** Arrays of any number of dimensions and any element type, as other runtimes exchange them. */
@NullMarked
package dev.narrows.network.array;

import org.jspecify.annotations.NullMarked;
