/**
 * Sums of floating-point products in floating-point registers, their events and their gradients.
 * The quantiser's step is a template: {@code src/main/templates/quantizer.ftl}.
 */
@NullMarked
package dev.narrows.kernels.floating;

import org.jspecify.annotations.NullMarked;
