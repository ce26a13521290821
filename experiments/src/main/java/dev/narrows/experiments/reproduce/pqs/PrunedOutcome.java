package dev.narrows.experiments.reproduce.pqs;

/**
 * One network.
 *
 * @param exact accuracy in exact registers on all test images, in percent
 * @param clipping the smallest saturating register in natural order that is enough on validation
 *     images
 * @param clipped accuracy in that register on all test images, in percent
 * @param sorted the smallest that is enough if the exact sum is clamped, as sorting gives
 * @param clamped accuracy in that register on all test images, in percent
 * @param overflows dot products of all layers that overflow at {@link #SHOWN} bits, in percent
 */
record PrunedOutcome(
    double exact, int clipping, double clipped, int sorted, double clamped, double overflows) {}
