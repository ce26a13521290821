package dev.narrows.verify;

import dev.narrows.verify.Verdict.Disagreement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What a certificate says that is not so, in the order in which it is found. */
final class Disagreements {
  private final List<Disagreement> all = new ArrayList<>();

  /** Notes what is said of the whole certificate, unless it is what was found. */
  void agree(String field, String claimed, String found) {
    if (!claimed.equals(found)) {
      add("", OptionalInt.empty(), field, claimed, found);
    }
  }

  /** Notes what is said of a layer, or of one of its channels. */
  void add(String layer, OptionalInt channel, String field, String claimed, String found) {
    all.add(new Disagreement(layer, channel, field, claimed, found));
  }

  /** All that was noted. */
  List<Disagreement> all() {
    return all;
  }
}
