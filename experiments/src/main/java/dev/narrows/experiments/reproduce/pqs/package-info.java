/** The figures of PQS: pruning, quantising and sorting (arXiv 2504.09064). */
@NullMarked
package dev.narrows.experiments.reproduce.pqs;

import org.jspecify.annotations.NullMarked;
