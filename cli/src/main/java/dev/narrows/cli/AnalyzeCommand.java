package dev.narrows.cli;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.experiments.analyze.Analysis;
import dev.narrows.experiments.analyze.Narrowing;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.targets.TargetJudge;
import dev.narrows.experiments.targets.TargetText;
import dev.narrows.network.AccumulatorContract;
import dev.narrows.network.FileAccumulators;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.pass.AccumulatorContracts;
import dev.narrows.network.targets.Target;
import dev.narrows.network.targets.TargetProof;
import dev.narrows.report.AnalysisResult;
import dev.narrows.report.TargetResult;
import dev.narrows.report.TargetVerdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code analyze}: bounds, and with data the overflow profile for every width. */
@Command(
    name = "analyze",
    description = {
      "Bounds per layer; with --data, the overflow profile of every width.",
      "One pass tells how each layer's dot products fare at every width, and the accuracy.",
      "Exit 3 if --target is given and the network is unsafe on it."
    })
final class AnalyzeCommand implements Callable<Integer> {
  private static final Pattern WIDTHS = Pattern.compile("(\\d{1,2})(?:-(\\d{1,2}))?");
  private static final List<Integer> COMMON_WIDTHS = List.of(16);

  @Parameters(index = "0", paramLabel = "MODEL", description = "A network file or a run folder.")
  private Path model = Path.of("");

  @Mixin private ModelOptions shapes = new ModelOptions();

  @Option(
      names = "--order",
      paramLabel = "ORDER",
      description = {
        "The order that profiles look at, and conventions, as in an accumulator's text:",
        "sequential (default), reversed, chunk(n), ascending, sorted, sorted(r), tiles(T,r),",
        "sign-directed, zero(raw|offset), bias(after|preload). An order needs --data."
      })
  private Optional<String> order = Optional.empty();

  @Option(names = "--channels", description = "Bounds and profiles of every output channel too.")
  private boolean channels;

  @Option(
      names = "--sensitivity",
      description = {
        "Also the accuracy with one layer narrowed at a time, and with all: from the width that no",
        "sum exceeds downward until accuracy falls, in saturating registers and --order; or in the",
        "registers that --bits or --accumulator name. Needs labels."
      })
  private boolean sensitivity;

  @Option(
      names = "--bits",
      paramLabel = "P",
      split = ",",
      description =
          "Widths to name the worst channels of (default: 16), and that --sensitivity tries in"
              + " every layer, as in 16 or 12-20 or 12,14,16. Needs --data.")
  private List<String> bits = List.of();

  @Option(
      names = "--accumulator",
      paramLabel = "TEXT",
      split = ";",
      description = {
        "Registers that --sensitivity tries in every layer, as in evaluate: int16:wrap,",
        "int12-20:saturate:sorted."
      })
  private List<String> accumulators = List.of();

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      description = {
        "First of all a verdict: safe for every input, safe on these data, or unsafe (exit 3) in",
        "the registers of a target: a width such as 16, vpmaddubsw, smlal, fhe16, a register such",
        "as int12:saturate:sorted, or a YAML file with registers by layer."
      })
  private Optional<String> target = Optional.empty();

  @Mixin private DataOptions data = new DataOptions();
  @Mixin private ThreadOptions threads = new ThreadOptions();
  @Mixin private ClusterOptions clusters = new ClusterOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  private final Commands commands;

  AnalyzeCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    Optional<Target> asked = target.map(TargetText::parse);
    Summation view = view();
    if (!data.given()) {
      refuseWithoutData(view);
    }
    List<Integer> widths = bits.stream().flatMapToInt(AnalyzeCommand::widths).boxed().toList();
    Optional<Narrowing> narrowing = narrowing(view, widths);
    ModelFile opened = shapes.open(model);
    FileTensors.note(opened.network()).ifPresent(commands.terminal()::note);
    try (ClusterWork cluster =
        clusters.open(commands.terminal(), "narrows analyze " + model, output.folder())) {
      data.on(cluster);
      return analyze(opened, asked, view, widths, narrowing, cluster);
    }
  }

  private int analyze(
      ModelFile opened,
      Optional<Target> asked,
      Summation view,
      List<Integer> widths,
      Optional<Narrowing> narrowing,
      ClusterWork cluster)
      throws IOException {
    Optional<NetworkInputs> given =
        data.given()
            ? Optional.of(
                data.openToScore(commands.terminal(), opened, data.named(opened).orElseThrow()))
            : Optional.empty();
    ModelFile file = given.map(opened::seenOn).orElse(opened);
    Optional<TargetProof> proof =
        asked.map(one -> TargetJudge.proof(file.network(), one, data.given()));
    Analysis analysis = new Analysis(file, view, channels, threads.count());
    AnalysisResult result;
    if (given.isPresent()) {
      NetworkInputs inputs = given.get();
      try (ScanProgress progress = new ScanProgress(commands.terminal())) {
        AnalysisResult seen =
            analysis.of(inputs, widths.isEmpty() ? COMMON_WIDTHS : widths, narrowing, progress);
        result =
            proof
                .map(of ->
                    TargetJudge.judge(seen, of, file.network(), inputs, threads.count(), progress))
                .orElse(seen);
      }
    } else {
      AnalysisResult bounds = analysis.bounds();
      result = proof.map(of -> TargetJudge.judge(bounds, of)).orElse(bounds);
    }
    output.workedOn(cluster.executors());
    output.tell(commands, result, "analysis");
    boolean kept = promisesKept(file.network());
    return kept
            && result
                .target()
                .map(TargetResult::verdict)
                .filter(TargetVerdict.UNSAFE::equals)
                .isEmpty()
        ? ExitCode.DONE
        : ExitCode.NOT_GUARANTEED;
  }

  /** Says whether a file's promises of registers hold, if it has any. */
  private boolean promisesKept(Network network) {
    Map<String, AccumulatorContract> promised =
        FileAccumulators.of(network).map(FileAccumulators::layers).orElse(Map.of());
    if (promised.isEmpty()) {
      return true;
    }
    List<AccumulatorContracts.Broken> broken = AccumulatorContracts.broken(network);
    broken.forEach(line -> commands.terminal().note("narrows: " + line));
    if (broken.isEmpty()) {
      int bits = promised.values().stream().mapToInt(AccumulatorContract::bits).max().orElse(0);
      commands
          .terminal()
          .note(
              "the file's registers are checked: %d layers, each safe in the bits that it states, at most %d"
                  .formatted(promised.size(), bits));
    }
    return broken.stream().noneMatch(AccumulatorContracts.Broken::unsafe);
  }

  /** An order says how profiles look at sums; bounds hold in any, though not for any convention. */
  private void refuseWithoutData(Summation view) {
    if (order.isPresent()
        && (!(view.order() instanceof SummationOrder.Sequential)
            || view.zero().isEmpty() && view.bias().isEmpty())) {
      throw new BadInputException(
          "--order: needs --data: bounds hold in any order (zero(…) and bias(…) alone change"
              + " them)");
    }
    data.refuseWithoutData(commands.terminal());
    clusters.refuse("needs --data");
    threads.noteWithoutEffect(commands.terminal(), "--data");
  }

  private Optional<Narrowing> narrowing(Summation view, List<Integer> widths) {
    if (!sensitivity && !accumulators.isEmpty()) {
      throw new BadInputException(
          "--accumulator: names registers for --sensitivity, which was not given");
    }
    if (!data.given() && (sensitivity || !widths.isEmpty())) {
      throw new BadInputException((sensitivity ? "--sensitivity" : "--bits") + ": needs --data");
    }
    if (!sensitivity) {
      return Optional.empty();
    }
    if (!widths.isEmpty() && !accumulators.isEmpty()) {
      commands
          .terminal()
          .note("--bits: --sensitivity tries --accumulator; only the worst channels are at --bits");
    }
    if (widths.isEmpty() && accumulators.isEmpty()) {
      return Optional.of(new Narrowing.Falling(view));
    }
    return Optional.of(
        !accumulators.isEmpty()
            ? new Narrowing.Given(
                accumulators.stream()
                    .flatMap(text -> Summation.parseWidths(text).stream())
                    .toList())
            : Narrowing.ofBits(widths, view));
  }

  /** One width, or all from one to another. */
  private static IntStream widths(String text) {
    Matcher range = WIDTHS.matcher(text.strip());
    int from = range.matches() ? Integer.parseInt(range.group(1)) : 0;
    int to = range.matches() && range.group(2) != null ? Integer.parseInt(range.group(2)) : from;
    if (from < 2 || to > 62 || from > to) {
      throw new BadInputException(
          "--bits: expected widths of 2 to 62, as in 16 or 12-20, found \"" + text + "\"");
    }
    return IntStream.rangeClosed(from, to);
  }

  /** The order and conventions, in a register whose width does not matter. */
  private Summation view() {
    Saturating widest = new Saturating(Accumulator.MAX_BITS);
    return order
        .map(text -> Summation.parseIn(widest, text))
        .orElse(new Summation(widest, new SummationOrder.Sequential()));
  }
}
