/** Reports as Markdown: the pages under {@code docs/results}. */
@NullMarked
package dev.narrows.report.markdown;

import org.jspecify.annotations.NullMarked;
