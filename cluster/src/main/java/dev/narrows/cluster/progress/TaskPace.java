package dev.narrows.cluster.progress;

/**
 * How fast the tasks of a job come to an end.
 *
 * @param tasks of the job
 * @param done of them, each counted once however often it was tried
 * @param running now
 * @param secondsOfDone the sum of the times that finished ones took, ≥ 0
 */
record TaskPace(int tasks, int done, int running, double secondsOfDone) {
  /**
   * The time left if tasks go on to take as long as they have taken and as many as now run at a
   * time: the mean time × what is not done ÷ those at a time, where a running task counts as half
   * done. Negative while no task is done.
   */
  double secondsLeft() {
    if (done == 0) {
      return -1;
    }
    double left = tasks - done - Math.min(running, tasks - done) / 2.0;
    return secondsOfDone / done * left / Math.max(1, running);
  }
}
