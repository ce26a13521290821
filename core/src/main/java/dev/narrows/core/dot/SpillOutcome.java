package dev.narrows.core.dot;

/**
 * What one dot product came to in a spilling register.
 *
 * @param value narrow and wide register together, modulo 2^Q
 * @param spills additions to the wide register before the last term was taken; adding what the
 *     narrow register holds at the end is none
 */
public record SpillOutcome(long value, long spills) {}
