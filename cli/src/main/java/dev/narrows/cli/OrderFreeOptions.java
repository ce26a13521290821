package dev.narrows.cli;

import dev.narrows.cli.FormatOptions.Format;
import dev.narrows.cli.terminal.Terminal;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.order.LanguageOrders;
import dev.narrows.experiments.order.OrderCheck;
import dev.narrows.report.OrderResult;
import dev.narrows.report.OrderResult.OrderFreedom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code certify --order-free}: whether the order of additions can change anything on some data.
 */
final class OrderFreeOptions {
  private static final int MOST_TREES = 1_000_000;

  @Option(
      names = "--order-free",
      description = {
        "Instead of a width: whether any order or tree of additions can change what the network",
        "computes on --data in the registers of --accumulator. Every dot product is proved, refuted",
        "by two orders, or undecided. Exit 3 unless all are proved. Of a language model (a file or",
        "folder that evaluate takes, or what quantize makes of one): its matrices, token by token."
      })
  private boolean orderFree;

  @Option(
      names = "--accumulator",
      paramLabel = "TEXT",
      split = ";",
      description = {
        "With --order-free: registers, such as int16:saturate, or fp16 and m23e8(127) (binary32),",
        "in which integers are summed as floats of the size of their real products."
      })
  private List<String> accumulators = new ArrayList<>();

  @Option(
      names = "--trees",
      paramLabel = "N",
      description =
          "With --order-free: trees tried at most on a dot product without proof (default: "
              + OrderCheck.TREES
              + ").")
  private Optional<Integer> trees = Optional.empty();

  @Option(
      names = "--every",
      paramLabel = "N",
      description = {
        "With --order-free, of a language model: looks at one of N dot products, always the same",
        "ones (default: 1, all)."
      })
  private Optional<Integer> every = Optional.empty();

  @Mixin private DataOptions data = new DataOptions();
  @Mixin private LanguageOptions language = new LanguageOptions();
  @Mixin private ThreadOptions threads = new ThreadOptions();

  /** Whether this is the question. */
  boolean asked() {
    return orderFree;
  }

  /** Refuses or notes what has no effect without --order-free. */
  void refuseWithout(Terminal terminal) {
    String problem = "goes with --order-free";
    DataOptions.refuse(accumulators.stream().findFirst(), "--accumulator", problem);
    DataOptions.refuse(trees, "--trees", problem);
    DataOptions.refuse(every, "--every", problem);
    language.refuseWithout(problem);
    DataOptions.refuse(data.text(), "--data", problem);
    data.refuseWithoutData(terminal);
    threads.noteWithoutEffect(terminal, "--order-free");
  }

  /**
   * Answers.
   *
   * @param all whether layers with registers of their own are asked about too
   */
  int answer(Commands commands, ModelFile opened, boolean all, OutputOptions output)
      throws IOException {
    DataOptions.refuse(every, "--every", "is for a language model");
    language.refuse();
    List<Summation> registers = registers();
    int most = most();
    String set =
        data.named(opened)
            .orElseThrow(() -> new BadInputException("--data: --order-free needs a data set"));
    NetworkInputs inputs = data.openToScore(commands.terminal(), opened, set);
    OrderResult result;
    try (ScanProgress progress = new ScanProgress(commands.terminal())) {
      result =
          new OrderCheck(opened.seenOn(inputs), all, most, threads.count())
              .of(inputs, registers, progress);
    }
    return told(commands, result, output);
  }

  /**
   * Answers for a language model.
   *
   * @param all whether --all was given
   */
  int answerForText(Commands commands, Path model, boolean all, OutputOptions output)
      throws IOException {
    DataOptions.refuse(
        Optional.of(all).filter(asked -> asked), "--all", "has no effect on a language model");
    data.refuseBesideTokens();
    List<Summation> registers = registers();
    int most = most();
    int drawn = every.orElse(1);
    if (drawn < 1) {
      throw new BadInputException("--every: must be at least 1, got " + drawn);
    }
    String text =
        data.text().orElseThrow(() -> new BadInputException("--data: --order-free needs a text"));
    LanguageEvaluation opened =
        language.open(model, text, data.roots(), data.limit(), threads.count());
    OrderResult result;
    try (ScanProgress progress = new ScanProgress(commands.terminal())) {
      result = new LanguageOrders(opened, most, drawn, threads.count()).of(registers, progress);
    }
    return told(commands, result, output);
  }

  private List<Summation> registers() {
    if (accumulators.isEmpty()) {
      throw new BadInputException(
          "--accumulator: --order-free needs one or more registers, such as int16:saturate or"
              + " m23e8(127)");
    }
    List<Summation> registers =
        accumulators.stream().flatMap(text -> Summation.parseWidths(text).stream()).toList();
    registers.forEach(OrderCheck::require);
    return registers;
  }

  private int most() {
    int most = trees.orElse(OrderCheck.TREES);
    if (most < 1 || most > MOST_TREES) {
      throw new BadInputException(
          "--trees: must be in [1, %d], got %d".formatted(MOST_TREES, most));
    }
    return most;
  }

  private static int told(Commands commands, OrderResult result, OutputOptions output)
      throws IOException {
    output.tell(commands, result, "order", Format.table);
    List<OrderFreedom> open =
        result.registers().stream().filter(one -> !one.verdict().proved()).toList();
    open.forEach(one -> commands.terminal().note("narrows: " + one.sentence()));
    return open.isEmpty() ? ExitCode.DONE : ExitCode.NOT_GUARANTEED;
  }
}
