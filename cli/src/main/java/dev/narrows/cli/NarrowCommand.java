package dev.narrows.cli;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.narrow.ChosenPlan;
import dev.narrows.experiments.narrow.PlanFile;
import dev.narrows.experiments.narrow.PlanRequest;
import dev.narrows.experiments.narrow.PlanRequest.Promise;
import dev.narrows.experiments.narrow.PlanRun;
import dev.narrows.experiments.narrow.PlanWeights;
import dev.narrows.report.PlanResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code narrow}: a register for each layer, chosen together. */
@Command(
    name = "narrow",
    description = {
      "Chooses a register for each layer, so that the network as a whole stays within a budget:",
      "the fewest bits that one part of the data allows, confirmed once on another part.",
      "Writes the plan as YAML, for --accumulators of evaluate, certify and export, and for train.",
      "Exit 3 if no registers on offer keep the promise, or the confirmation fails."
    })
final class NarrowCommand implements Callable<Integer> {
  private static final Pattern WIDTHS = Pattern.compile("(\\d{1,2})(?:-(\\d{1,2}))?");

  @Parameters(index = "0", paramLabel = "MODEL", description = "A network file or a run folder.")
  private Path model = Path.of("");

  @Mixin private ModelOptions shapes = new ModelOptions();

  @Option(
      names = "--budget",
      paramLabel = "POINTS",
      description = "The greatest loss of accuracy, in points (default: 1).")
  private double budget = 1;

  @Option(
      names = "--promise",
      paramLabel = "WHAT",
      description = {
        "data (default): accuracy stays within the budget, though sums may overflow.",
        "confidence: no sum of the search's images overflows, which bounds how many others do.",
        "always: no input can overflow any register; needs no data."
      })
  private Promise promise = Promise.DATA;

  @Option(
      names = "--registers",
      paramLabel = "P",
      split = ",",
      description =
          "Widths that are offered, as in 8,12,16,24,32 or 8-20 (default: every width to 32).")
  private List<String> registers = List.of("2-32");

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      description = "What a register does: saturate (default), wrap or resolved.")
  private String policy = "saturate";

  @Option(
      names = "--order",
      paramLabel = "ORDER",
      description = {
        "The order of summation, and conventions, as in an accumulator's text: sequential",
        "(default), reversed, chunk(n), ascending, sorted, sorted(r), tiles(T,r), sign-directed,",
        "zero(raw|offset), bias(after|preload)."
      })
  private Optional<String> order = Optional.empty();

  @Option(
      names = "--weigh",
      paramLabel = "WHAT",
      description = {
        "What a bit of a layer's register costs: bits (default), the same everywhere; macs, by the",
        "layer's multiplications; or a YAML file with a number for each layer, by globs."
      })
  private String weigh = "bits";

  @Option(
      names = "--search",
      paramLabel = "N",
      description = "Images that the search looks at (default: half).")
  private Optional<Integer> search = Optional.empty();

  @Option(
      names = "--confirm",
      paramLabel = "N",
      description = "Other images that the plan is confirmed on (default: all others).")
  private Optional<Integer> confirm = Optional.empty();

  @Option(
      names = "--rest",
      description = "Also measure the plan on the images that neither part has.")
  private boolean rest;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "How images are dealt out (default: 1).")
  private long seed = 1;

  @Option(
      names = "--confidence",
      paramLabel = "PERCENT",
      description = "Of the loss's upper limit, and of bounds on unseen images (default: 95).")
  private double confidence = 95;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "The plan to write (default: plan.yaml in --out, else MODEL's name.plan.yaml).")
  private Optional<Path> plan = Optional.empty();

  @Mixin private DataOptions data = new DataOptions();
  @Mixin private ThreadOptions threads = new ThreadOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  private final Commands commands;

  NarrowCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    PlanRequest request = request();
    ModelFile opened = shapes.open(model);
    Path written = plan.orElseGet(() -> beside(opened));
    if (Files.exists(written) && Files.isSameFile(written, opened.path())) {
      throw new BadInputException("--plan: " + written + " is the network itself");
    }
    Optional<String> set = data.named(opened);
    if (set.isEmpty()) {
      if (promise != Promise.ALWAYS) {
        throw new BadInputException("--data: --promise " + promise + " needs images");
      }
      data.refuseWithoutData(commands.terminal());
    }
    ChosenPlan chosen;
    if (set.isEmpty()) {
      try (ScanProgress progress = new ScanProgress(commands.terminal())) {
        chosen = new PlanRun(opened, request, progress).bounds();
      }
    } else {
      NetworkInputs inputs = data.openToScore(commands.terminal(), opened, set.get());
      if (inputs.labels().isEmpty()) {
        commands.terminal().note("no labels: agreement with exact registers stands for accuracy");
      }
      Optional<Path> ledger = ledger();
      try (ScanProgress progress = new ScanProgress(commands.terminal())) {
        chosen = new PlanRun(opened.seenOn(inputs), request, progress).of(inputs, ledger);
      }
    }
    PlanResult result = chosen.result(next(opened, written, set));
    write(written, result);
    output.tell(commands, result, "plan");
    commands.terminal().note("plan: " + written);
    return chosen.held() ? ExitCode.DONE : ExitCode.NOT_GUARANTEED;
  }

  private PlanRequest request() {
    List<Integer> widths = registers.stream().flatMapToInt(NarrowCommand::widths).boxed().toList();
    String text = "int16:" + policy + order.map(asked -> ":" + asked).orElse("");
    Summation way = Summation.parse(text);
    if (!way.accumulator().takesIntegers() || way.accumulator().takesFloats()) {
      throw new BadInputException(
          "--policy: expected saturate, wrap or resolved, found \"" + policy + "\"");
    }
    return new PlanRequest(
        promise,
        budget,
        widths,
        way,
        PlanWeights.parse(weigh),
        new PlanRequest.SplitRequest(
            seed,
            search.map(NarrowCommand::atLeastOne),
            confirm.map(NarrowCommand::atLeastOne),
            rest),
        confidence / 100,
        threads.count());
  }

  private static int atLeastOne(int images) {
    if (images < 1) {
      throw new BadInputException("--search, --confirm: must be at least 1, got " + images);
    }
    return images;
  }

  private static IntStream widths(String text) {
    Matcher range = WIDTHS.matcher(text.strip());
    int from = range.matches() ? Integer.parseInt(range.group(1)) : 0;
    int to = range.matches() && range.group(2) != null ? Integer.parseInt(range.group(2)) : from;
    if (from < 2 || to > 62 || from > to) {
      throw new BadInputException(
          "--registers: expected widths of 2 to 62, as in 16 or 8-20, found \"" + text + "\"");
    }
    return IntStream.rangeClosed(from, to);
  }

  private Optional<Path> ledger() throws IOException {
    if (output.folder().isEmpty()) {
      return Optional.empty();
    }
    Files.createDirectories(output.folder().get());
    return Optional.of(output.folder().get().resolve("search.csv"));
  }

  private Path beside(ModelFile file) {
    String name = String.valueOf(file.path().getFileName());
    int dot = name.lastIndexOf('.');
    return output
        .folder()
        .map(folder -> folder.resolve("plan.yaml"))
        .orElse(Path.of((dot > 0 ? name.substring(0, dot) : name) + ".plan.yaml"));
  }

  private static void write(Path file, PlanResult result) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    AtomicFile.write(file, PlanFile.yaml(result));
  }

  private List<String> next(ModelFile file, Path written, Optional<String> set) {
    List<String> lines = new ArrayList<>();
    set.ifPresent(name ->
        lines.add(
            "./narrows evaluate %s --data %s --accumulators %s".formatted(model, name, written)));
    if (promise == Promise.ALWAYS) {
      lines.add("./narrows certify %s --accumulators %s".formatted(model, written));
    }
    if (file.program().isEmpty()) {
      lines.add("./narrows export %s --to narrows --accumulators %s".formatted(model, written));
    }
    return lines;
  }
}
