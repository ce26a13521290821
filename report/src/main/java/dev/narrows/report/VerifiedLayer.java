package dev.narrows.report;

import java.util.Optional;

/**
 * A layer that a certificate covers, as the checker found it.
 *
 * @param name of the layer
 * @param kind conv2d, dense, …
 * @param channels output channels
 * @param zero the zero-point convention of its register
 * @param bias the bias placement of its register; "none" where there is no bias
 * @param register the narrow register that the network pins it to, where it is held to that
 * @param registerBits the width that its sums (or terms) have to fit
 * @param lo the least of them, by the checker's own account
 * @param hi the greatest
 * @param bits the width that holds both
 * @param safe whether that is enough
 */
public record VerifiedLayer(
    String name,
    String kind,
    int channels,
    String zero,
    String bias,
    Optional<String> register,
    int registerBits,
    long lo,
    long hi,
    int bits,
    boolean safe) {}
