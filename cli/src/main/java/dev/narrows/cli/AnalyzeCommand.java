package dev.narrows.cli;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.analyze.Analysis;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.report.AnalysisResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code analyze}: bounds, and with data the overflow profile for every width. */
@Command(
    name = "analyze",
    description = {
      "Bounds per layer; with --data, the overflow profile of every width.",
      "One pass tells how each layer's dot products fare at every width, and the accuracy."
    })
final class AnalyzeCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL", description = "A network file or a run folder.")
  private Path model = Path.of("");

  @Option(
      names = "--order",
      paramLabel = "ORDER",
      description = {
        "The order that profiles look at, and conventions, as in an accumulator's text:",
        "sequential (default), reversed, chunk(n), ascending, sorted, sorted(r), tiles(T,r),",
        "sign-directed, zero(raw|offset), bias(after|preload)."
      })
  private Optional<String> order = Optional.empty();

  @Option(names = "--channels", description = "Bounds and profiles of every output channel too.")
  private boolean channels;

  @Mixin private DataOptions data = new DataOptions();
  @Mixin private ThreadOptions threads = new ThreadOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  private final Commands commands;

  AnalyzeCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    Summation view = view();
    ModelFile file = ModelFile.open(model);
    Analysis analysis = new Analysis(file, view, channels, threads.count());
    AnalysisResult result;
    if (data.given()) {
      NetworkInputs inputs = data.open(commands.terminal(), file, data.named(file).orElseThrow());
      try (ScanProgress progress = new ScanProgress(commands.terminal())) {
        result = analysis.of(inputs, progress);
      }
    } else {
      result = analysis.bounds();
    }
    output.tell(commands.terminal(), result, "analysis");
    return ExitCode.DONE;
  }

  /** The order and conventions, in a register whose width does not matter. */
  private Summation view() {
    return Summation.parse("int62:saturate" + order.map(text -> ":" + text).orElse(""));
  }
}
