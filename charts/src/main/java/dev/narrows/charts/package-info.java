/**
 * Draws a report's charts on the JVM: the page's own program runs in GraalJS and gives SVG, JSVG
 * turns that into PNG. No browser, no network.
 */
@NullMarked
package dev.narrows.charts;

import org.jspecify.annotations.NullMarked;
