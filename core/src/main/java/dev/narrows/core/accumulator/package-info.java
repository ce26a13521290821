/**
 * The registers a dot product may be summed in. P is the width in bits, sign included; [L, U] =
 * [−2^(P−1), 2^(P−1) − 1] is what P bits of an integer register hold.
 */
@NullMarked
package dev.narrows.core.accumulator;

import org.jspecify.annotations.NullMarked;
