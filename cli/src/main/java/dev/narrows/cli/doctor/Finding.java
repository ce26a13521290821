package dev.narrows.cli.doctor;

import java.util.Locale;

/**
 * One thing that was looked at.
 *
 * @param what in a word or two
 * @param found in a line; where it is wrong, with what to do about it
 */
public record Finding(String what, FindingState state, String found) {
  /** How a thing was found. */
  public enum FindingState {
    /** As it should be. */
    OK,
    /** Not there, and not needed until somebody asks for it. */
    ABSENT,
    /** Something will fail by it. */
    WRONG;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String what, String found) {
    return new Finding(what, FindingState.OK, found);
  }

  static Finding absent(String what, String found) {
    return new Finding(what, FindingState.ABSENT, found);
  }

  static Finding wrong(String what, String found) {
    return new Finding(what, FindingState.WRONG, found);
  }

  /** Whether something will fail by it. */
  public boolean wrong() {
    return state == FindingState.WRONG;
  }
}
