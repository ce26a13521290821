package dev.narrows.experiments.reproduce;

import dev.narrows.experiments.reproduce.a2q.A2qPareto;
import dev.narrows.experiments.reproduce.a2q.A2qPlusInit;
import dev.narrows.experiments.reproduce.a2q.A2qPlusTradeoffs;
import dev.narrows.experiments.reproduce.a2q.A2qResources;
import dev.narrows.experiments.reproduce.a2q.SuperResolution;
import dev.narrows.experiments.reproduce.field.PqsFigure5Field;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.gates.LbaGates;
import dev.narrows.experiments.reproduce.gates.PqsHardware;
import dev.narrows.experiments.reproduce.lba.Fp8Training;
import dev.narrows.experiments.reproduce.lba.LbaFinetune;
import dev.narrows.experiments.reproduce.lba.LbaGradients;
import dev.narrows.experiments.reproduce.lba.LbaLandscape;
import dev.narrows.experiments.reproduce.lba.LbaLanguage;
import dev.narrows.experiments.reproduce.lba.LbaZeroShot;
import dev.narrows.experiments.reproduce.llm.LlmFp8;
import dev.narrows.experiments.reproduce.llm.LlmIntegers;
import dev.narrows.experiments.reproduce.llm.LlmRegisters;
import dev.narrows.experiments.reproduce.order.OrderFreeFigure;
import dev.narrows.experiments.reproduce.pqs.PqsFigure2;
import dev.narrows.experiments.reproduce.pqs.PqsFigure3;
import dev.narrows.experiments.reproduce.pqs.PqsFigure4;
import dev.narrows.experiments.reproduce.pqs.PqsFigure5;
import dev.narrows.experiments.reproduce.register.RegisterTraining;
import dev.narrows.experiments.reproduce.repair.RepairBenchmark;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Every figure that can be made. */
public final class Figures {
  /** In the order in which they are listed. */
  public static final List<Figure> ALL =
      List.of(
          new PqsFigure2(),
          new PqsFigure3(),
          new PqsFigure4(),
          new PqsFigure5(),
          new PqsFigure5Field(),
          new RegisterTraining(),
          A2qPareto.accuracy(),
          A2qPareto.sparsity(),
          new A2qResources(),
          new SuperResolution(),
          new A2qPlusInit(),
          new A2qPlusTradeoffs(),
          new LbaZeroShot(),
          new LbaFinetune(),
          new LbaGradients(),
          new LbaLandscape(),
          new LbaLanguage(),
          new Fp8Training(),
          new RepairBenchmark(),
          new LbaGates(),
          new PqsHardware(),
          new OrderFreeFigure(),
          new LlmRegisters(),
          new LlmFp8(),
          new LlmIntegers());

  private Figures() {}

  /** The figure of a name. */
  public static Optional<Figure> named(String name) {
    return ALL.stream().filter(figure -> figure.name().equals(name)).findFirst();
  }

  /** All names, for messages. */
  public static String names() {
    return names(_ -> true);
  }

  /** Those that can be made on another network. */
  public static String namesWithOtherNetworks() {
    return names(figure -> !figure.otherNetworks().isEmpty());
  }

  private static String names(Predicate<Figure> which) {
    return ALL.stream().filter(which).map(Figure::name).collect(Collectors.joining(", "));
  }
}
