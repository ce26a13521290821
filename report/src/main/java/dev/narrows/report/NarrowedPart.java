package dev.narrows.report;

import java.util.List;
import java.util.Optional;

/**
 * A language model with one part of it in a register, and all else in exact sums.
 *
 * @param part a glob for the names of its layers
 * @param nats mean loss −ln p of a token; infinite where predictions broke
 * @param above how far its perplexity is above that of exact sums, in percent
 * @param interval of {@code above}, 95 %, block by block against exact sums
 * @param broken how many predictions had sums that were not finite
 */
public record NarrowedPart(
    String part, double nats, double above, Optional<Interval> interval, int broken) {
  static Table table(String accumulator, List<NarrowedPart> parts) {
    Table table =
        new Table(
            "One part at a time in " + accumulator + ", all else exact; the dearest first",
            List.of("part", "nats", "above exact, %", "of blocks, 95 %", "broken"));
    for (NarrowedPart one : parts) {
      table.row(
          one.part(),
          LanguageResult.loss(one.nats()),
          Double.isFinite(one.nats()) ? Table.percent(one.above()) : LanguageResult.INFINITE,
          one.interval().map(Interval::text).orElse(""),
          one.broken());
    }
    return table;
  }
}
