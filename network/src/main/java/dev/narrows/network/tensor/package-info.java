/** What a tensor is: its shape, and what its elements are. */
@NullMarked
package dev.narrows.network.tensor;

import org.jspecify.annotations.NullMarked;
