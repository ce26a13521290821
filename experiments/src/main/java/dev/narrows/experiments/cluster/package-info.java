/** The door to machines that work together; what is behind it is found when it is asked for. */
@NullMarked
package dev.narrows.experiments.cluster;

import org.jspecify.annotations.NullMarked;
