package dev.narrows.experiments.analyze;

import dev.narrows.report.PlatformResult;
import dev.narrows.report.PlatformResult.PairCheck;
import dev.narrows.report.PlatformResult.PairLayer;
import dev.narrows.report.PlatformResult.PairsSeen;
import dev.narrows.report.PlatformResult.RegisterCheck;
import dev.narrows.report.PlatformResult.RegisterLayer;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/** The counts of two disjoint sets of images together; what follows from weights is the same. */
final class PlatformMerge {
  private PlatformMerge() {}

  static PlatformResult of(PlatformResult one, PlatformResult other) {
    return new PlatformResult(
        each(one.pairs(), other.pairs(), PlatformMerge::pairs),
        each(one.registers(), other.registers(), PlatformMerge::registers));
  }

  private static <T> List<T> each(List<T> one, List<T> other, BinaryOperator<T> add) {
    return IntStream.range(0, one.size())
        .mapToObj(i -> add.apply(one.get(i), other.get(i)))
        .toList();
  }

  private static PairCheck pairs(PairCheck one, PairCheck other) {
    return new PairCheck(
        one.instruction(), one.assumes(), each(one.layers(), other.layers(), PlatformMerge::layer));
  }

  private static PairLayer layer(PairLayer one, PairLayer other) {
    return new PairLayer(
        one.name(),
        one.unfit(),
        one.pairs(),
        one.unsafe(),
        one.channels(),
        one.worst(),
        one.unsafePairs(),
        one.seen().flatMap(mine -> other.seen().map(o -> seen(mine, o))));
  }

  private static PairsSeen seen(PairsSeen one, PairsSeen other) {
    return new PairsSeen(
        one.sums() + other.sums(),
        one.overflowing() + other.overflowing(),
        one.dots() + other.dots(),
        one.hit() + other.hit());
  }

  private static RegisterCheck registers(RegisterCheck one, RegisterCheck other) {
    return new RegisterCheck(
        one.bits(),
        each(
            one.layers(),
            other.layers(),
            (mine, o) ->
                new RegisterLayer(
                    mine.name(),
                    mine.channels(),
                    sum(mine.dots(), o.dots()),
                    sum(mine.overflowing(), o.overflowing()))));
  }

  private static Optional<Long> sum(Optional<Long> one, Optional<Long> other) {
    return one.flatMap(a -> other.map(b -> a + b));
  }
}
