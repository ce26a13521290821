package dev.narrows.experiments.reproduce.figure;

import java.util.ArrayList;
import java.util.List;

/** How much work a figure is made with. */
public enum Scale {
  /**
   * Embedded images, less than two minutes: shows that everything works, not what the paper says.
   */
  SMOKE("smoke"),
  /** The data sets of the paper as far as two processor cores reach, resumable. */
  TWO_CORE("two-core");

  private final String word;

  Scale(String word) {
    this.word = word;
  }

  /** The word on the command line and in results. */
  public String word() {
    return word;
  }

  /** What is to be said first of a training figure made at this scale; the caller adds more. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (this == SMOKE) {
      notes.add(Prose.of(Scale.class, "scale").text("smoke"));
    }
    return notes;
  }

  @Override
  public String toString() {
    return word;
  }
}
