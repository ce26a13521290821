/**
 * Images and arrays as networks take them, and what is done to them on the way: preprocessing,
 * resizing, splits, epoch order, augmentation.
 *
 * <p>Layout throughout: image-major, each image CHW (channel, row, column). Everything that draws
 * at random is a pure function of a seed and of positions, never of how often it was asked.
 */
@NullMarked
package dev.narrows.data;

import org.jspecify.annotations.NullMarked;
