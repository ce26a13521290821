/**
 * Sweeps on a cluster: a trial is a Spark task that starts a process of its own on its machine, in
 * a run folder on storage that all machines share.
 */
@NullMarked
package dev.narrows.cluster.sweep;

import org.jspecify.annotations.NullMarked;
