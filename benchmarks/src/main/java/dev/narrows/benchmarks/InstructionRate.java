package dev.narrows.benchmarks;

/**
 * How fast the processor issues an instruction on whole vectors.
 *
 * @param instruction its name, or those of several that alternate
 * @param perNanosecond of one thread
 * @param perCycle by the clock that was measured
 */
public record InstructionRate(String instruction, double perNanosecond, double perCycle) {}
