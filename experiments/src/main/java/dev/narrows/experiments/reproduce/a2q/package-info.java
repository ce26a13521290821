/** The figures of A2Q (arXiv 2308.13504) and A2Q+ (arXiv 2401.10432). */
@NullMarked
package dev.narrows.experiments.reproduce.a2q;

import org.jspecify.annotations.NullMarked;
