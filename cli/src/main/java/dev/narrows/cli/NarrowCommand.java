package dev.narrows.cli;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.evaluate.LanguageParts;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.narrow.ChosenPlan;
import dev.narrows.experiments.narrow.OfferedRegisters;
import dev.narrows.experiments.narrow.PlanFile;
import dev.narrows.experiments.narrow.PlanRequest;
import dev.narrows.experiments.narrow.PlanRequest.Promise;
import dev.narrows.experiments.narrow.PlanRun;
import dev.narrows.experiments.narrow.PlanTraining;
import dev.narrows.experiments.narrow.PlanWeights;
import dev.narrows.experiments.narrow.RepairLever;
import dev.narrows.experiments.narrow.RepairedPlanRun;
import dev.narrows.experiments.repair.RepairOutput;
import dev.narrows.experiments.targets.TargetText;
import dev.narrows.network.targets.Target;
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
      "Exit 3 if no registers on offer keep the promise, or the confirmation fails.",
      "Of a language model (--data wikitext-2 --registers"
          + " 'm7e5(15)/m7e5(15);m10e5(15)/m10e5(15)'):",
      "the parts that may be narrow, chosen on the set's validation text, measured once on its"
          + " test",
      "text. --budget is in percent of perplexity, --search and --confirm count predictions."
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
      description = {
        "Widths that are offered, as in 8,12,16,24,32 or 8-20 (default: every width to 32); or a",
        "target, as analyze takes it: every register that it names is offered to every layer."
      })
  private List<String> registers = List.of("2-32");

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      description = "What a register does: saturate (default), wrap or resolved.")
  private Optional<String> policy = Optional.empty();

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
        "layer's multiplications; luts, by what it adds to a matrix-vector unit; energy, by",
        "additions and moved partial sums; or a YAML file with a number for each layer, by globs."
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

  @Option(
      names = "--train",
      paramLabel = "EPOCHS",
      description = {
        "Of a run folder, with --promise data: also writes the recipe that trains it on through",
        "the plan's registers, beside the plan; narrows train takes it."
      })
  private Optional<Integer> train = Optional.empty();

  @Option(
      names = "--parts",
      paramLabel = "WHAT",
      description = {
        "Of a language model, what has one register: kinds (all products with one matrix, all",
        "scores; default), layers, or products."
      })
  private Optional<String> parts = Optional.empty();

  @Mixin private LanguageOptions language = new LanguageOptions();
  @Mixin private RepairLeverOptions repairs = new RepairLeverOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private ThreadOptions threads = new ThreadOptions();
  @Mixin private ClusterOptions clusters = new ClusterOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  private final Commands commands;
  private ClusterWork cluster = ClusterWork.none();

  NarrowCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    if (LanguageFiles.fits(model)) {
      return language();
    }
    language.refuse();
    DataOptions.refuse(parts, "--parts", "is for a language model");
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
    requireTrainable(opened);
    if (set.isEmpty()) {
      clusters.refuse("needs --data");
    }
    if (repairs.given()) {
      clusters.refuse("--repair works on this machine alone");
      return repaired(request, opened, written, set);
    }
    repairs.refuseWithoutRepair();
    try (ClusterWork work =
        clusters.open(commands.terminal(), "narrows narrow " + model, output.folder())) {
      cluster = work;
      data.on(work);
      return chosen(request, opened, written, set);
    }
  }

  private int chosen(PlanRequest request, ModelFile opened, Path written, Optional<String> set)
      throws IOException {
    ChosenPlan chosen;
    if (set.isEmpty()) {
      try (ScanProgress progress = new ScanProgress(commands.terminal())) {
        chosen = new PlanRun(opened, request, progress).bounds();
      }
    } else {
      NetworkInputs inputs = scored(opened, set.get());
      Optional<Path> ledger = ledger();
      try (ScanProgress progress = new ScanProgress(commands.terminal())) {
        chosen = new PlanRun(opened.seenOn(inputs), request, progress).of(inputs, ledger);
      }
    }
    List<String> next = next(opened, model.toString(), written, set);
    if (train.isPresent()) {
      Path recipe = recipe(written);
      Files.createDirectories(parent(recipe));
      AtomicFile.write(
          recipe, PlanTraining.recipe(opened, chosen.result(List.of()), train.get()).toYaml());
      next.addFirst("./narrows train " + recipe);
      commands.terminal().note("recipe that trains through the plan: " + recipe);
    }
    return tell(chosen, chosen.result(next), written);
  }

  private int language() throws IOException {
    String problem = "has no effect on a language model";
    DataOptions.refuse(policy, "--policy", problem);
    DataOptions.refuse(order, "--order", problem);
    DataOptions.refuse(train, "--train", problem);
    DataOptions.refuse(Optional.of(rest).filter(asked -> asked), "--rest", problem);
    DataOptions.refuse(
        Optional.of(weigh).filter(asked -> !asked.equals("bits")), "--weigh", problem);
    clusters.refuse(problem);
    DataOptions.refuse(data.limit(), "--limit", "say --search and --confirm instead");
    if (promise != Promise.DATA) {
      throw new BadInputException("--promise: a language model's registers are chosen by data");
    }
    if (repairs.given()) {
      throw new BadInputException("--repair: " + problem);
    }
    repairs.refuseWithoutRepair();
    data.refuseBesideTokens();
    String set =
        data.text()
            .orElseThrow(() ->
                new BadInputException("--data: a language model needs a text such as wikitext-2"));
    return new LanguageNarrowing(
            model,
            set,
            data.roots(),
            language,
            LanguageNarrowing.registers(String.join(",", registers)),
            LanguageParts.parse("--parts", parts.orElse("kinds")),
            budget,
            search.map(NarrowCommand::atLeastOne),
            confirm.map(NarrowCommand::atLeastOne),
            threads.count())
        .run(commands, output, plan.orElseGet(() -> beside(model)));
  }

  private void requireTrainable(ModelFile opened) {
    if (train.isPresent() && (promise != Promise.DATA || repairs.given())) {
      throw new BadInputException(
          "--train: is for registers that may overflow; needs --promise data, without --repair");
    }
    if (train.isPresent() && (opened.run().isEmpty() || train.get() < 1)) {
      throw new BadInputException(
          "--train: expected 1 epoch or more and a run folder, whose recipe says what it is trained"
              + " on");
    }
  }

  /** Beside the plan: plan.yaml, plan.train.yaml. */
  private static Path recipe(Path plan) {
    String name = String.valueOf(plan.getFileName());
    int dot = name.lastIndexOf('.');
    return plan.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".train.yaml");
  }

  private static Path parent(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? Path.of("") : folder;
  }

  private NetworkInputs scored(ModelFile opened, String set) throws IOException {
    NetworkInputs inputs = data.openToScore(commands.terminal(), opened, set);
    if (inputs.labels().isEmpty()) {
      commands.terminal().note("no labels: agreement with exact registers stands for accuracy");
    }
    return inputs;
  }

  private Integer repaired(
      PlanRequest request, ModelFile opened, Path written, Optional<String> set)
      throws IOException {
    if (set.isEmpty()) {
      throw new BadInputException("--data: --repair needs images");
    }
    Optional<Path> ledger = ledger();
    RepairOutput target = repairs.output(opened, shapes, output.folder());
    NetworkInputs inputs = scored(opened, set.get());
    RepairLever lever = repairs.lever(commands.terminal(), opened, data, set.get(), target);
    ChosenPlan chosen;
    ModelFile made;
    try (ScanProgress progress = new ScanProgress(commands.terminal(), "searching")) {
      RepairedPlanRun run = new RepairedPlanRun(opened, request, lever, inputs, progress);
      RepairedPlanRun.FoundRepair found = run.search(ledger);
      target.write(found.repair());
      made = ModelFile.open(target.path(), shapes.read());
      chosen = run.confirmed(found, made);
    }
    PlanResult result = chosen.result(next(opened, target.path().toString(), written, set));
    RepairLeverOptions.certify(target, made, result);
    int exit = tell(chosen, result, written);
    commands
        .terminal()
        .note(
            "repaired network: %s, proved in %s"
                .formatted(target.path(), target.beside("certificate.json")));
    return exit;
  }

  private int tell(ChosenPlan chosen, PlanResult result, Path written) throws IOException {
    write(written, result);
    output.workedOn(cluster.executors());
    output.tell(commands, result, "plan");
    commands.terminal().note("plan: " + written);
    return chosen.held() ? ExitCode.DONE : ExitCode.NOT_GUARANTEED;
  }

  private PlanRequest request() {
    return new PlanRequest(
        promise,
        budget,
        offered(),
        PlanWeights.parse(weigh),
        new PlanRequest.SplitRequest(
            seed,
            search.map(NarrowCommand::atLeastOne),
            confirm.map(NarrowCommand::atLeastOne),
            rest),
        confidence / 100,
        threads.count());
  }

  private OfferedRegisters offered() {
    boolean target = registers.size() == 1 && !WIDTHS.matcher(registers.getFirst()).matches();
    if (target && !registers.getFirst().matches("[\\d, -]+")) {
      DataOptions.refuse(policy, "--policy", "the target of --registers says what registers do");
      DataOptions.refuse(order, "--order", "the target of --registers says how they sum");
      return OfferedRegisters.of(target(registers.getFirst()));
    }
    List<Integer> widths = registers.stream().flatMapToInt(NarrowCommand::widths).boxed().toList();
    String does = policy.orElse("saturate");
    String text = "int16:" + does + order.map(asked -> ":" + asked).orElse("");
    Summation way = Summation.parse(text);
    if (!way.accumulator().takesIntegers() || way.accumulator().takesFloats()) {
      throw new BadInputException(
          "--policy: expected saturate, wrap or resolved, found \"" + does + "\"");
    }
    return OfferedRegisters.of(widths, way);
  }

  private static Target target(String text) {
    try {
      return TargetText.parse(text);
    } catch (BadInputException e) {
      throw new BadInputException(
          String.valueOf(e.getMessage())
              .replaceFirst(
                  "^--target: expected a width such as 16,",
                  "--registers: expected widths of 2 to 62, as in 16 or 8-20, or a target such as"),
          e);
    }
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
    return beside(file.path());
  }

  private Path beside(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return output
        .folder()
        .map(folder -> folder.resolve("plan.yaml"))
        .orElse(Path.of((dot > 0 ? name.substring(0, dot) : name) + ".plan.yaml"));
  }

  private static void write(Path file, PlanResult result) throws IOException {
    Files.createDirectories(parent(file));
    AtomicFile.write(file, PlanFile.yaml(result));
  }

  private List<String> next(ModelFile file, String network, Path written, Optional<String> set) {
    List<String> lines = new ArrayList<>();
    set.ifPresent(name ->
        lines.add(
            "./narrows evaluate %s --data %s --accumulators %s".formatted(network, name, written)));
    if (promise == Promise.ALWAYS) {
      lines.add("./narrows certify %s --accumulators %s".formatted(network, written));
    }
    if (file.program().isEmpty()) {
      lines.add("./narrows export %s --to narrows --accumulators %s".formatted(network, written));
    }
    return lines;
  }
}
