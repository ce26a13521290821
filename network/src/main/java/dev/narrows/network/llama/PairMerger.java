package dev.narrows.network.llama;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/** Joins the best pair of neighbours again and again, in n·log n. */
final class PairMerger {
  private final Tokenizer tokenizer;
  private final Map<String, Integer> tokens;

  /** A pair that was seen, valid as long as both places still hold these tokens. */
  private record Pair(int place, int left, int right, int joined, float score) {}

  PairMerger(Tokenizer tokenizer, Map<String, Integer> tokens) {
    this.tokenizer = tokenizer;
    this.tokens = tokens;
  }

  int[] merge(int[] start) {
    int[] token = start.clone(); // −1: joined to its left neighbour
    int[] next = new int[token.length];
    int[] before = new int[token.length];
    PriorityQueue<Pair> best =
        new PriorityQueue<>(
            Comparator.comparingDouble((Pair pair) -> -pair.score()).thenComparingInt(Pair::place));
    for (int i = 0; i < token.length; i++) {
      next[i] = i + 1;
      before[i] = i - 1;
      if (i > 0) {
        pair(i - 1, token[i - 1], token[i]).ifPresent(best::add);
      }
    }
    for (Pair pair = best.poll(); pair != null; pair = best.poll()) {
      int place = pair.place();
      int gone = next[place];
      if (token[place] != pair.left() || gone >= token.length || token[gone] != pair.right()) {
        continue;
      }
      token[place] = pair.joined();
      token[gone] = -1;
      next[place] = next[gone];
      if (next[place] < token.length) {
        before[next[place]] = place;
        pair(place, token[place], token[next[place]]).ifPresent(best::add);
      }
      if (before[place] >= 0) {
        pair(before[place], token[before[place]], token[place]).ifPresent(best::add);
      }
    }
    return Arrays.stream(token).filter(t -> t >= 0).toArray();
  }

  private Optional<Pair> pair(int place, int left, int right) {
    String joined = tokenizer.pieces().get(left) + tokenizer.pieces().get(right);
    return Optional.ofNullable(tokens.get(joined))
        .map(token -> new Pair(place, left, right, token, tokenizer.scores()[token]));
  }
}
