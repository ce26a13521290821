package dev.narrows.core.dot;

/**
 * What one dot product of floats came to.
 *
 * @param value the register at the end; never −0
 * @param events what happened on the way
 */
public record FloatOutcome(float value, FloatEvents events) {}
