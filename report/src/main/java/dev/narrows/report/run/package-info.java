/**
 * What a report is made from: runs, as a command has them in hand or as they are stored in folders.
 */
@NullMarked
package dev.narrows.report.run;

import org.jspecify.annotations.NullMarked;
