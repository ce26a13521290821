/**
 * A report as one HTML file that needs nothing beside it: data, style, program and charting library
 * are inside, and it never asks a network for anything.
 */
@NullMarked
package dev.narrows.report.html;

import org.jspecify.annotations.NullMarked;
