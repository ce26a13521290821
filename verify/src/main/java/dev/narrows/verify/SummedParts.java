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
 * runs of consecutive terms, pairs, of which blocks of twice a distance hold as many, or what a
 * lane of a SIMD kernel adds.
 *
 * @param pairs whether they are the pairs of an instruction
 * @param folds items of a part and parts of a block, first of terms, then of parts; none where all
 *     terms are one part
 */
record SummedParts(boolean pairs, List<long[]> folds) {
  private static final String NUMBER = "([1-9][0-9]{0,9})";
  private static final Pattern TEXT = Pattern.compile("(chunk|pairs)\\(" + NUMBER + "\\)");
  private static final Pattern LANES = Pattern.compile("lanes\\(([0-9/,]{1,200})\\)");
  private static final Pattern FOLD = Pattern.compile(NUMBER + "/" + NUMBER);

  static SummedParts one() {
    return new SummedParts(false, List.of());
  }

  /** What a certificate says; empty if it is no such text. */
  static Optional<SummedParts> of(String text) {
    Matcher lanes = LANES.matcher(text);
    if (lanes.matches()) {
      return lanes(lanes.group(1));
    }
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(2));
    if (number > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    boolean chunks = matcher.group(1).equals("chunk");
    long[] fold = chunks ? new long[] {number, 1} : new long[] {2, number};
    return Optional.of(new SummedParts(!chunks, List.of(fold)));
  }

  private static Optional<SummedParts> lanes(String text) {
    List<long[]> folds = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      Matcher fold = FOLD.matcher(one);
      if (!fold.matches()) {
        return Optional.empty();
      }
      long[] read = {Long.parseLong(fold.group(1)), Long.parseLong(fold.group(2))};
      if (Math.max(read[0], read[1]) > Integer.MAX_VALUE) {
        return Optional.empty();
      }
      folds.add(read);
    }
    return Optional.of(new SummedParts(false, folds));
  }

  boolean whole() {
    return folds.isEmpty();
  }

  /** The part of a term: the part of its part, and so on. */
  long of(int term) {
    long item = whole() ? 0 : term;
    for (long[] fold : folds) {
      long lanes = fold[1];
      long block = item / (fold[0] * lanes); // both fit an int
      item = block * lanes + item % lanes;
    }
    return item;
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

  /** The most terms that a part has: the first one is whole if any is. */
  int most(int terms) {
    return whole() ? terms : terms == 0 ? 0 : split(terms).getFirst().length;
  }
}
