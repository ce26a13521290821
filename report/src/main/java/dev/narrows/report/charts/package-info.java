/** Charts as files for papers: what draws them is found by ServiceLoader. */
@NullMarked
package dev.narrows.report.charts;

import org.jspecify.annotations.NullMarked;
