package dev.narrows.benchmarks;

import java.util.Map;
import java.util.Optional;

/** What turns took, by contestant. */
record Timings(Map<Contestant, Timing> all) {
  /**
   * Of one that took part.
   *
   * @throws java.util.NoSuchElementException if it did not
   */
  Timing of(Contestant contestant) {
    return Optional.ofNullable(all.get(contestant)).orElseThrow();
  }
}
