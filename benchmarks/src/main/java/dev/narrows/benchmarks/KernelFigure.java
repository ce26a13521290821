package dev.narrows.benchmarks;

import java.util.Optional;

/**
 * How fast a kernel is.
 *
 * @param name an accumulator's text, or what is done besides
 * @param about what the name leaves open; may be empty
 * @param rate multiply-accumulates a nanosecond of all threads together: GMAC/s
 * @param spread how much longer the median round took than the best, as a share
 * @param limit the rate that the processor's ports allow; empty where nobody has derived it, or
 *     where the compiler did not get round to the probe
 * @param instructions that the limit counts for a vector of multiply-accumulates; may be empty
 * @param floor the least share of the yardstick that the project accepts on one thread
 */
public record KernelFigure(
    String name,
    String about,
    double rate,
    double spread,
    Optional<Double> limit,
    String instructions,
    Optional<Double> floor) {}
