package dev.narrows.network.parts;

/**
 * What a floating register did to the sums of each image of a part.
 *
 * @param signal [images]
 * @param noise [images]
 */
record PartSignals(double[] signal, double[] noise) {}
