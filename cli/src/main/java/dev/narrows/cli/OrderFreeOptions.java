package dev.narrows.cli;

import dev.narrows.cli.FormatOptions.Format;
import dev.narrows.cli.terminal.Terminal;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.order.OrderCheck;
import dev.narrows.report.OrderResult;
import dev.narrows.report.OrderResult.OrderFreedom;
import java.io.IOException;
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
        "by two orders, or undecided. Exit 3 unless all are proved."
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

  @Mixin private DataOptions data = new DataOptions();
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
    if (accumulators.isEmpty()) {
      throw new BadInputException(
          "--accumulator: --order-free needs one or more registers, such as int16:saturate or"
              + " m23e8(127)");
    }
    List<Summation> registers =
        accumulators.stream().flatMap(text -> Summation.parseWidths(text).stream()).toList();
    registers.forEach(OrderCheck::require);
    int most = trees.orElse(OrderCheck.TREES);
    if (most < 1 || most > MOST_TREES) {
      throw new BadInputException(
          "--trees: must be in [1, %d], got %d".formatted(MOST_TREES, most));
    }
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
    output.tell(commands, result, "order", Format.table);
    List<OrderFreedom> open =
        result.registers().stream().filter(one -> !one.verdict().proved()).toList();
    open.forEach(one -> commands.terminal().note("narrows: " + one.sentence()));
    return open.isEmpty() ? ExitCode.DONE : ExitCode.NOT_GUARANTEED;
  }
}
