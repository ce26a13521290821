/**
 * What each layer's sums need: bounds from weights and input ranges, profiles from data, and
 * certificates.
 */
@NullMarked
package dev.narrows.experiments.analyze;

import org.jspecify.annotations.NullMarked;
