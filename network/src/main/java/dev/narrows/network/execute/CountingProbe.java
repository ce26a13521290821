package dev.narrows.network.execute;

import java.io.Serializable;

/**
 * A probe that only counts, so that copies of it can look at parts of a run, on other machines too:
 * the counts of disjoint sets of dot products add.
 */
public interface CountingProbe extends TermsProbe, Serializable {
  /** A probe of the same layer that has counted nothing; what does not change is shared. */
  CountingProbe fresh();

  /** What was counted so far, always the same number of counts. */
  long[] counts();

  /** Adds the counts of another probe of the same layer. */
  void add(long[] counts);
}
