/** The figures of LBA: low-bit floating-point accumulators (arXiv 2401.14110). */
@NullMarked
package dev.narrows.experiments.reproduce.lba;

import org.jspecify.annotations.NullMarked;
