/**
 * Apache Spark: runs of networks in parts, each a task on some machine, put together on the driver
 * to the bits of one run.
 */
@NullMarked
package dev.narrows.cluster;

import org.jspecify.annotations.NullMarked;
