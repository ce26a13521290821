package dev.narrows.cli;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.reproduce.Figures;
import dev.narrows.experiments.reproduce.Reproduction;
import dev.narrows.experiments.reproduce.figure.AskedNetwork;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.PaperNetwork;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reproduce}: a figure of a paper made again. */
@Command(
    name = "reproduce",
    description = {
      "Makes a figure or table of the papers again, ours beside the paper's.",
      "The same command resumes a figure that was interrupted. Ends in reproduction.json and",
      "report.html in its folder."
    })
final class ReproduceCommand implements Callable<Integer> {
  /** The figures' names, for the help. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Figures.ALL.stream().map(Figure::name).iterator();
    }
  }

  @Parameters(
      index = "0",
      paramLabel = "FIGURE",
      completionCandidates = Names.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private String name = "";

  @Option(
      names = "--scale",
      paramLabel = "smoke|two-core",
      description = {
        "smoke: embedded images, under two minutes; two-core: the paper's data as far as two",
        "processor cores reach (default: smoke)."
      })
  private String scale = Scale.SMOKE.word();

  @Option(
      names = "--network",
      paramLabel = "NETWORK",
      description = {
        "Makes the figure on another network of the papers: resnet8, resnet20, resnet18-half,",
        "resnet18, mobilenetv1, mobilenetv2; a2q-super-resolution: espcn-x2, espcn-x3, unet-x3",
        "(default: the figure's own)."
      })
  private Optional<String> network = Optional.empty();

  @Option(
      names = "--weights",
      paramLabel = "FILE|RUN",
      description = {
        "The other network's float weights: a file of safetensors or the folder of a",
        "training run (default: they are trained first, which takes hours)."
      })
  private Optional<Path> weights = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = {
        "The figure's folder (default: FIGURE-SCALE, or FIGURE-NETWORK-SCALE, below",
        "runs/reproduce)."
      })
  private Optional<Path> out = Optional.empty();

  @Mixin private TrainingOptions options = new TrainingOptions();

  private final Commands commands;

  ReproduceCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    Figure figure =
        Figures.named(name)
            .orElseThrow(() ->
                new BadInputException(
                    "unknown figure \"" + name + "\", expected one of " + Figures.names()));
    Scale size = scale();
    Optional<AskedNetwork> other = askedNetwork();
    Path folder =
        RunsFolder.of(
            commands,
            out,
            "reproduce",
            Reproduction.folderName(figure, other.map(AskedNetwork::network), size));
    return Training.run(
        commands.terminal(),
        (trainer, progress) -> {
          ReproductionResult result;
          try (ScanProgress scan = new ScanProgress(commands.terminal(), progress::cancelled)) {
            result =
                new Reproduction(
                        figure,
                        size,
                        other,
                        folder,
                        options.roots(),
                        trainer,
                        options.threads(),
                        commands.arguments())
                    .finish(progress, scan);
          }
          options.formats().print(commands.terminal(), result);
          if (options.formats().is(FormatOptions.Format.table)) {
            result.notes().forEach(note -> commands.terminal().out().println("\n" + note));
            commands.terminal().out().flush();
          }
          ReportFiles.html(commands.terminal(), figure.title(), folder);
        });
  }

  private Optional<AskedNetwork> askedNetwork() {
    if (network.isEmpty() && weights.isPresent()) {
      throw new BadInputException("--weights: goes with --network, whose weights they are");
    }
    return network.map(word ->
        new AskedNetwork(
            PaperNetwork.named(word)
                .orElseThrow(() ->
                    new BadInputException(
                        "--network: expected one of %s, found \"%s\""
                            .formatted(PaperNetwork.words(List.of(PaperNetwork.values())), word))),
            weights.map(file -> file.toAbsolutePath().toString())));
  }

  private Scale scale() {
    for (Scale one : Scale.values()) {
      if (one.word().equalsIgnoreCase(scale)) {
        return one;
      }
    }
    throw new BadInputException("--scale: expected smoke or two-core, found \"" + scale + "\"");
  }
}
