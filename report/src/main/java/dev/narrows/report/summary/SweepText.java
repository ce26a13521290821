package dev.narrows.report.summary;

import dev.narrows.report.SweepPoint;
import dev.narrows.report.SweepResult;
import dev.narrows.report.SweepTrial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A sweep in words. */
final class SweepText {
  private SweepText() {}

  static List<String> of(SweepResult sweep) {
    List<String> sentences = new ArrayList<>();
    Map<String, Long> ends =
        sweep.trials().stream()
            .collect(
                Collectors.groupingBy(SweepTrial::status, TreeMap::new, Collectors.counting()));
    int all = sweep.trials().size();
    sentences.add(
        ends.getOrDefault(SweepTrial.DONE, 0L) == all
            ? "All %d trials are done.".formatted(all)
            : "Of %d trials %s."
                .formatted(
                    all,
                    ends.entrySet().stream()
                        .map(end -> end.getValue() + " " + words(end.getKey()))
                        .collect(Collectors.joining(", "))));
    if (!sweep.front().isEmpty()) {
      sentences.add(
          point(
              sweep.front().getLast().measure().isPresent()
                  ? "Best on validation images"
                  : "Most accurate on validation images",
              sweep.front().getLast()));
      if (sweep.front().size() > 1) {
        sentences.add(point("Narrowest", sweep.front().getFirst()));
      }
    }
    List<Integer> seeds =
        sweep.points().stream().map(p -> p.seeds().size()).distinct().sorted().toList();
    if (seeds.equals(List.of(1))) {
      sentences.add("Every configuration was trained with one seed: no spread is known.");
    }
    return sentences;
  }

  private static String point(String what, SweepPoint point) {
    Function<SweepPoint.SeedSpread, String> percent =
        spread ->
            spread
                .text(point.quality())
                .replaceFirst("( |$)", (" " + point.quality().unit()).stripTrailing() + "$1");
    return "%s: %s, %s, in %d bits, with %s on validation and %s on test images."
        .formatted(
            what,
            point.configuration(),
            point.way().equals(SweepPoint.PROVEN) ? "proven safe for any input" : point.way(),
            point.bits(),
            percent.apply(point.validation()),
            percent.apply(point.accuracy()));
  }

  private static String words(String status) {
    return switch (status) {
      case SweepTrial.DONE -> "are done";
      case SweepTrial.UNCERTIFIED -> "cannot be certified";
      case SweepTrial.FAILED -> "failed";
      case SweepTrial.PENDING -> "are still to be run";
      default -> status;
    };
  }
}
