package dev.narrows.core.dot;

/**
 * What one dot product of floats came to.
 *
 * @param value the register at the end; never −0; infinite or NaN only in registers of IEEE 754 and
 *     of matrix hardware
 * @param events what happened on the way
 */
public record FloatOutcome(float value, FloatEvents events) {}
