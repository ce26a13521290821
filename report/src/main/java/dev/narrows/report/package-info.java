/**
 * What Narrows found out, as records, and how it is shown: JSON that other programs may rely on,
 * CSV, and aligned tables. Nothing is computed here.
 *
 * <p>Accuracies are percentages, counts are integers, widths are bits.
 */
@NullMarked
package dev.narrows.report;

import org.jspecify.annotations.NullMarked;
