/** One door to every kind of network file. */
@NullMarked
package dev.narrows.network.files;

import org.jspecify.annotations.NullMarked;
