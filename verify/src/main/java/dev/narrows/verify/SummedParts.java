package dev.narrows.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The checker's own account of the parts that a narrow register sums before a wider one: all terms,
 * runs of consecutive terms, or pairs, of which blocks of twice a distance hold as many.
 *
 * @param run terms of a run; 0 for pairs, and where all terms are one part
 * @param distance from a term to its partner; 0 for runs, and where all terms are one part
 */
record SummedParts(int run, int distance) {
  private static final Pattern TEXT = Pattern.compile("(chunk|pairs)\\(([1-9][0-9]{0,8})\\)");

  static SummedParts one() {
    return new SummedParts(0, 0);
  }

  /** What a certificate says; empty if it is no such text. */
  static Optional<SummedParts> of(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int number = Integer.parseInt(matcher.group(2));
    return Optional.of(
        matcher.group(1).equals("chunk") ? new SummedParts(number, 0) : new SummedParts(0, number));
  }

  boolean whole() {
    return run == 0 && distance == 0;
  }

  boolean pairs() {
    return distance > 0;
  }

  /** The part of a term. */
  long of(int term) {
    if (run > 0) {
      return term / run;
    }
    // a pair is known by its first term
    boolean second = distance > 0 && (long) term / distance % 2 == 1;
    return distance == 0 ? 0 : second ? (long) term - distance : term;
  }

  /** The terms of each part. */
  List<int[]> split(int terms) {
    if (whole()) {
      return List.of(IntStream.range(0, terms).toArray());
    }
    Map<Long, List<Integer>> parts = new LinkedHashMap<>();
    for (int k = 0; k < terms; k++) {
      parts.computeIfAbsent(of(k), part -> new ArrayList<>()).add(k);
    }
    return parts.values().stream()
        .map(part -> part.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  /** The most terms that a part has. */
  int most(int terms) {
    return whole() ? terms : Math.min(terms, run > 0 ? run : 2);
  }
}
