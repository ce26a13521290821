package dev.narrows.cli;

import dev.narrows.core.lane.LaneCount.ChainLength;
import dev.narrows.core.lane.LaneLevel;
import dev.narrows.core.lane.LaneReduction;
import dev.narrows.hardware.lanes.LaneAnswer;
import dev.narrows.hardware.lanes.LaneQuestion;
import dev.narrows.hardware.lanes.LaneSentence;
import dev.narrows.hardware.lanes.LaneWitness;
import dev.narrows.hardware.lanes.RegisterReach;
import dev.narrows.report.LanesResult;
import dev.narrows.report.LanesResult.LaneBreach;
import dev.narrows.report.LanesResult.LaneOperands;
import dev.narrows.report.LanesResult.LaneReach;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** An answer about lanes as a result that can be printed and stored. */
final class LaneResults {
  /** Longer witnesses are in files alone. */
  private static final int LONGEST = 4096;

  private LaneResults() {}

  static LanesResult of(LaneAnswer answer, Optional<Path> weights) {
    LaneQuestion question = answer.question();
    boolean open = answer.largest().isPresent();
    return new LanesResult(
        question.reduction().toString(),
        question.a().toString(),
        question.b().toString(),
        weights.map(Path::toString),
        boxed(question.terms()),
        boxed(question.limits().nonzeros()),
        boxed(question.limits().group()),
        LaneSentence.of(answer),
        answer.safe(),
        open ? Optional.of(answer.asked()) : Optional.empty(),
        boxed(answer.largest()),
        boxed(answer.largest()).map(answer::products),
        answer.unlimited(),
        open ? Optional.of(answer.everyBelow()) : Optional.empty(),
        answer.flushes().stream().boxed().findFirst(),
        answer.reaches().stream().map(reach -> reach(question.reduction(), reach)).toList(),
        answer.witness().map(witness -> breach(answer, witness)),
        answer.witness().filter(w -> w.a().length <= LONGEST).map(LaneResults::operands));
  }

  private static Optional<Integer> boxed(OptionalInt value) {
    return value.stream().boxed().findFirst();
  }

  private static LaneReach reach(LaneReduction reduction, RegisterReach reach) {
    LaneLevel level = reduction.levels().get(reach.level());
    String count = level.count().toString();
    String adds =
        level.count() instanceof ChainLength ? "n" : count.isEmpty() ? "all" : count.substring(1);
    return new LaneReach(
        reach.level() + 1,
        level.register().toString(),
        adds,
        level.stride(),
        reach.products(),
        reach.lo(),
        reach.hi(),
        level.register().min(),
        level.register().max(),
        reach.holds());
  }

  private static LaneBreach breach(LaneAnswer answer, LaneWitness witness) {
    int level = witness.overflow().level();
    return new LaneBreach(
        answer.broken().orElse(1),
        level + 1,
        witness.reduction().levels().get(level).register().toString(),
        witness.overflow().lane(),
        witness.overflow().step(),
        witness.overflow().sum(),
        witness.channel(),
        witness.exact(),
        witness.ends());
  }

  private static LaneOperands operands(LaneWitness witness) {
    return new LaneOperands(list(witness.a()), list(witness.b()), list(witness.starts()));
  }

  private static List<Long> list(long[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
