/** What other rooms' tests may use: contracts that every twin must keep, and rules of the house. */
@NullMarked
package dev.narrows.core.testing;

import org.jspecify.annotations.NullMarked;
