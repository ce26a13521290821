/**
 * Pairs of a small image and the large one that a network is to make of it: luma, reduced bicubic
 * as papers on super-resolution do, cut into tiles of one size.
 */
@NullMarked
package dev.narrows.data.upscale;

import org.jspecify.annotations.NullMarked;
