/** How far the jobs of a cluster have come, from what Spark tells its listeners. */
@NullMarked
package dev.narrows.cluster.progress;

import org.jspecify.annotations.NullMarked;
