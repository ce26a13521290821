package dev.narrows.report;

import java.util.Optional;

/**
 * What a floating-point register did to the sums of one layer. Rates are percentages: of products,
 * or of steps, which are additions to a register.
 *
 * @param terms K
 * @param order of the sum, with its chunk
 * @param dots dot products summed
 * @param productUnderflows non-zero products that became 0
 * @param productOverflows products that were clamped
 * @param sumUnderflows non-zero sums that became 0
 * @param sumOverflows sums that were clamped
 * @param swamped steps whose non-zero addend left the register unchanged
 * @param signalToNoise of the sums against exact sums of the same operands, in decibels; absent
 *     where there is no noise, or no signal
 * @param mantissaNeeded bits that the variance retention ratio asks for at this K and chunk; absent
 *     where it is not defined
 */
public record FloatDiagnostics(
    String name,
    int terms,
    String order,
    long dots,
    double productUnderflows,
    double productOverflows,
    double sumUnderflows,
    double sumOverflows,
    double swamped,
    Optional<Double> signalToNoise,
    Optional<Integer> mantissaNeeded) {}
