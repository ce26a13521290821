package dev.narrows.cluster.sweep;

import java.io.Serializable;

/**
 * What became of a trial's process.
 *
 * @param machine where it ran
 * @param exitCode of the process
 * @param stored the text of {@code trial.json} as that machine sees it, by which the driver knows
 *     that its own view of the storage is up to date
 */
record TrialAnswer(String machine, int exitCode, String stored) implements Serializable {}
