package dev.narrows.experiments.sweep;

import dev.narrows.experiments.cluster.ClusterRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Trials on the machines of a cluster. Found by {@link ServiceLoader}: only the room that knows the
 * cluster's engine has one, and commands which stay on this machine load nothing of it.
 */
public interface TrialCluster {
  /** The implementation on the class path, if there is one. */
  static Optional<TrialCluster> find() {
    return ServiceLoader.load(TrialCluster.class).findFirst();
  }

  /**
   * Connects, and makes sure that every machine which has answered so far sees the sweep's folder
   * and has what it needs to start a trial.
   *
   * @throws dev.narrows.experiments.cluster.ClusterException if the cluster does not answer, or one
   *     of its machines does not see the folder or cannot start a trial, naming it
   * @throws IOException if the folder cannot be written
   */
  RemoteTrials connect(TrialSite site) throws IOException;

  /** Machines at work for a sweep, until closed. */
  interface RemoteTrials extends TrialLauncher, AutoCloseable {
    /** Leaves the cluster; what still runs there is told to save itself and end. */
    @Override
    void close();
  }

  /**
   * The words after the program's name that make a trial.
   *
   * @see TrialSite
   */
  @FunctionalInterface
  interface TrialWords {
    /** For the trial whose {@code trial.json} and recipe are in {@code run}. */
    List<String> of(PlannedTrial trial, Path run);
  }

  /**
   * What a sweep tells a cluster.
   *
   * @param request which cluster
   * @param folder of the sweep, absolute, on storage that all machines have at the same place; it
   *     exists
   * @param program how a trial is started where a machine has no Narrows of its own
   * @param threads that each trial works on, at most: a machine runs as many trials at a time as
   *     its cores are a multiple of this; ≥ 1
   */
  record TrialSite(
      ClusterRequest request, Path folder, ProgramStart program, TrialWords words, int threads) {}
}
