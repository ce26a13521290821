/** How files reach the disk: whole or not at all. */
@NullMarked
package dev.narrows.network.disk;

import org.jspecify.annotations.NullMarked;
