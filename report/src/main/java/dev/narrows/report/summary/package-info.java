/**
 * What a reader wants first, picked from results: the accuracies of each way of summing by width,
 * the smallest width that is good enough, and the widths that a run needs in a few sentences.
 */
@NullMarked
package dev.narrows.report.summary;

import org.jspecify.annotations.NullMarked;
