package dev.narrows.experiments.evaluate;

/** Hears how an evaluation gets on; calls may come from several threads, one at a time. */
@FunctionalInterface
public interface EvaluationListener {
  /** Hears nothing. */
  EvaluationListener SILENT = (what, done, of) -> {};

  /**
   * Called now and then.
   *
   * @param what is being done
   * @param done images, tokens or rows of points so far
   * @param of so many
   */
  void progress(String what, int done, int of);

  /**
   * {@link #progress(String, int, int)} of one who knows how long the rest will take.
   *
   * @param secondsLeft an estimate; negative while unknown
   */
  default void progress(String what, int done, int of, double secondsLeft) {
    progress(what, done, of);
  }
}
