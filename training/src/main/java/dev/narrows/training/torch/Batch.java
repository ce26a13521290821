package dev.narrows.training.torch;

/**
 * Some images and their classes.
 *
 * @param images normalised, [image][row][column][channel]; may be longer than needed
 * @param labels class of each image; may be longer than needed
 * @param size number of images
 */
public record Batch(float[] images, int[] labels, int size) {}
