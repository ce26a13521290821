package dev.narrows.training.qat;

/**
 * The floating-point register of a dot layer in training.
 *
 * @param masked whether gradients are stopped somewhere; if not they pass as if sums were exact
 * @see "docs/training.md, Floating-point registers in training"
 */
public record FloatRegister(MaskedSimulator simulator, boolean masked) {}
