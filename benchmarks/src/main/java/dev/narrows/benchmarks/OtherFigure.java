package dev.narrows.benchmarks;

/**
 * How long a contestant from outside took.
 *
 * @param best nanoseconds of its fastest call
 * @param spread how much longer the median round took, as a share
 */
public record OtherFigure(String name, double best, double spread) {}
