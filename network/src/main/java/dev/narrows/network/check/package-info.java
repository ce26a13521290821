/** Checks that the packages of this room share; not for others. */
@NullMarked
package dev.narrows.network.check;

import org.jspecify.annotations.NullMarked;
