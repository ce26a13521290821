package dev.narrows.experiments.reproduce.lba;

import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import java.util.List;

/** What is trained at a scale. */
record FinetunePlan(TestBed bed, List<FinetuneRung> rungs, ExactTwin twin) {
  static FinetunePlan of(Scale scale) {
    return switch (scale) {
      case SMOKE ->
          new FinetunePlan(
              TestBed.small().tunedOn(2_560),
              List.of(FinetuneRung.of(5, 4, 0.01, 1, 1), FinetuneRung.of(4, 3, 0.01, 1, 1)),
              new ExactTwin(0.01, 2));
      case TWO_CORE ->
          new FinetunePlan(
              TestBed.resnet20().tunedOn(15_360),
              List.of(
                  FinetuneRung.of(7, 4, 0.001, 0, 1),
                  FinetuneRung.of(6, 4, 0.003, 0, 2).binary32(),
                  FinetuneRung.of(5, 4, 0.003, 0, 2).twice(),
                  FinetuneRung.of(5, 3, 0.003, 0, 2).binary32(),
                  FinetuneRung.of(4, 4, 0.003, 0, 3).binary32(),
                  FinetuneRung.of(4, 3, 0.003, 0, 5)),
              new ExactTwin(0.003, 2));
    };
  }
}
