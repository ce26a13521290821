package dev.narrows.cli;

import dev.narrows.benchmarks.KernelBenchmark;
import dev.narrows.benchmarks.KernelReport;
import dev.narrows.cli.bench.CommandRuns;
import dev.narrows.cli.bench.KernelRuns;
import dev.narrows.cli.bench.PeerProcess;
import dev.narrows.cli.bench.ScratchFolder;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.run.Environment;
import dev.narrows.report.BenchmarkResult;
import dev.narrows.report.BenchmarkResult.BenchmarkMachine;
import dev.narrows.report.BenchmarkResult.MissingPeer;
import dev.narrows.report.CommandBenchmarks;
import dev.narrows.report.KernelBenchmarks;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench}: kernels and commands beside the machine's own limit and other programs. */
@Command(
    name = "bench",
    description = {
      "How fast kernels are here, as ratios to a yardstick (a binary32 product) and to what the",
      "processor's ports allow; or, with --commands, how long commands take beside an exact run.",
      "Where Python has them, oneDNN, PyTorch, mptorch, APyTypes, LiteRT and ONNX Runtime take",
      "turns with them. About a minute."
    })
final class BenchCommand implements Callable<Integer> {
  private static final String EMBEDDED = "";
  private static final String EMBEDDED_SET = "fashion-small";
  private static final int IMAGES = 1000;
  private static final double LONGEST = 3600;

  @Option(
      names = "--kernels",
      paramLabel = "GLOB",
      description = {
        "Only kernels of such names, as in 'int16*' (default: all); repeat for several. Beside",
        "--commands: kernels, too."
      })
  private List<String> kernels = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Time for each kernel (default: ${DEFAULT-VALUE}).")
  private double seconds = 1;

  @Option(
      names = "--commands",
      arity = "0..1",
      fallbackValue = EMBEDDED,
      paramLabel = "MODEL",
      description = {
        "Time commands on a network file or a run folder, or on a small built-in network:",
        "evaluate in several registers, analyze, run; each as a process of its own."
      })
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "SET",
      description = "Images for --commands, as analyze and evaluate take them.")
  private Optional<String> data = Optional.empty();

  @Mixin private DataOptions.RootOptions roots = new DataOptions.RootOptions();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Look at the first N images only (default: " + IMAGES + ").")
  private Optional<Integer> limit = Optional.empty();

  @Option(
      names = "--bits",
      paramLabel = "P",
      split = ",",
      description = "Widths of the registers of --commands (default: 16).")
  private List<Integer> bits = List.of();

  @Option(
      names = "--only",
      paramLabel = "GLOB",
      description = "Only commands of such names, and exact; repeat for several.")
  private List<String> only = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each command runs; its best time counts (default: 1).")
  private Optional<Integer> rounds = Optional.empty();

  @Option(
      names = "--beside",
      paramLabel = "PATH",
      description = {
        "Another build of this program, its checkout or its launcher: it runs every one of",
        "--commands in turn with this one. What did a change do?"
      })
  private Optional<Path> beside = Optional.empty();

  @Option(names = "--no-peers", description = "Leave other programs out.")
  private boolean noPeers;

  @Option(
      names = "--python",
      paramLabel = "PATH",
      description = "The Python interpreter that has other programs (default: python3).")
  private Optional<String> python = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads at work (default: 1 for kernels, all processors for commands).")
  private Optional<Integer> threads = Optional.empty();

  @Mixin private OutputOptions output = new OutputOptions();

  private final Commands commands;
  private final List<MissingPeer> missing = new ArrayList<>();

  BenchCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    refuseWithoutEffect();
    boolean both = model.isPresent() && !kernels.isEmpty();
    Optional<KernelReport> report = Optional.empty();
    Optional<KernelBenchmarks> measured = Optional.empty();
    if (model.isEmpty() || both) {
      try (ScratchFolder scratch = ScratchFolder.create();
          StartedPeers peers = dots(scratch.path())) {
        report = Optional.of(kernels(peers.all()));
        measured = Optional.of(KernelRuns.result(report.get(), peers.all()));
      }
    }
    Optional<CommandBenchmarks> timed = model.isPresent() ? Optional.of(timed()) : Optional.empty();
    Environment here = Environment.here(commands.arguments());
    BenchmarkMachine machine =
        new BenchmarkMachine(
            here.cpu(),
            here.processors(),
            here.vectorBits(),
            here.jdk(),
            report.map(KernelReport::gigahertz));
    output.tell(commands, new BenchmarkResult(machine, measured, timed, missing), "benchmark");
    return ExitCode.DONE;
  }

  private void refuseWithoutEffect() {
    if (model.isEmpty()) {
      String problem = "has no effect without --commands";
      DataOptions.refuse(data, "--data", problem);
      DataOptions.refuse(limit, "--limit", problem);
      DataOptions.refuse(bits.stream().findFirst(), "--bits", problem);
      DataOptions.refuse(only.stream().findFirst(), "--only", problem);
      DataOptions.refuse(rounds, "--rounds", problem);
      DataOptions.refuse(beside, "--beside", problem);
      DataOptions.refuse(roots.explicit(), "--data-root", problem);
    }
    if (noPeers) {
      DataOptions.refuse(python, "--python", "has no effect beside --no-peers");
    }
    atLeastOne("--limit", limit, Integer.MAX_VALUE);
    atLeastOne("--rounds", rounds, 1000);
    atLeastOne("--threads", threads, 1024);
    if (!(seconds >= 0.01 && seconds <= LONGEST)) {
      throw new BadInputException("--seconds: must be in [0.01, 3600], got " + seconds);
    }
    for (int width : bits) {
      if (width < 2 || width > 62) {
        throw new BadInputException("--bits: expected widths of 2 to 62, found " + width);
      }
    }
    if (model.filter(name -> !name.equals(EMBEDDED)).isPresent() && data.isEmpty()) {
      throw new BadInputException("--data: commands on a network need a data set");
    }
    matching("--kernels", kernels, KernelBenchmark.names());
    matching("--only", only, CommandRuns.names(widths()));
    beside.ifPresent(BenchCommand::launcher);
  }

  private static void atLeastOne(String option, Optional<Integer> number, int most) {
    if (number.isPresent() && (number.get() < 1 || number.get() > most)) {
      throw new BadInputException(
          "%s: must be in [1, %d], got %d".formatted(option, most, number.get()));
    }
  }

  /** What some patterns choose; all without one. */
  private static Predicate<String> matching(String option, List<String> globs, List<String> names) {
    List<Pattern> patterns = globs.stream().map(BenchCommand::pattern).toList();
    for (int i = 0; i < globs.size(); i++) {
      if (names.stream().noneMatch(patterns.get(i).asMatchPredicate())) {
        throw new BadInputException(
            "%s: \"%s\" matches none of %s"
                .formatted(option, globs.get(i), String.join("; ", names)));
      }
    }
    return name ->
        patterns.isEmpty()
            || patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }

  /** {@code *} stands for anything, {@code ?} for one character. */
  private static Pattern pattern(String glob) {
    return Pattern.compile(
        glob.chars()
            .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining()));
  }

  private List<Integer> widths() {
    return bits.isEmpty() ? List.of(16) : bits;
  }

  private KernelReport kernels(List<PeerProcess.Peer> peers) throws IOException {
    Predicate<String> chosen = matching("--kernels", kernels, KernelBenchmark.names());
    KernelBenchmark benchmark = new KernelBenchmark(chosen, threads.orElse(1), seconds);
    try (BenchProgress progress = new BenchProgress(commands.terminal())) {
      return benchmark.run(KernelRuns.contestants(peers), progress::turn);
    }
  }

  private CommandBenchmarks timed() throws IOException {
    String name = model.orElseThrow();
    if (!name.equals(EMBEDDED)) {
      return timed(ModelFile.open(Path.of(name)), Path.of(name));
    }
    try (ScratchFolder scratch = ScratchFolder.create();
        InputStream network = getClass().getResourceAsStream("bench/fashion-small.narrows")) {
      Path file = scratch.path().resolve("fashion-small.narrows");
      Files.copy(Objects.requireNonNull(network, "the built-in network"), file);
      ModelFile opened = ModelFile.open(file);
      NetworkFile builtIn = new NetworkFile("the built-in network", opened.id().sha256());
      return timed(new ModelFile(file, opened.network(), builtIn, Optional.empty()), file);
    }
  }

  private CommandBenchmarks timed(ModelFile file, Path path) throws IOException {
    int workers = threads.orElseGet(Runtime.getRuntime()::availableProcessors);
    CommandRuns runs =
        new CommandRuns(
            Narrows.class.getName(),
            beside.map(BenchCommand::launcher),
            path,
            data.orElse(EMBEDDED_SET),
            roots.explicit(),
            limit.orElse(IMAGES),
            workers,
            rounds.orElse(1),
            widths(),
            matching("--only", only, CommandRuns.names(widths())),
            commands.terminal()::note);
    try (StartedPeers peers = onModel(path, workers)) {
      return runs.measured(file, peers.all());
    }
  }

  private static Path launcher(Path named) {
    Path launcher = Files.isDirectory(named) ? named.resolve("narrows") : named;
    if (!Files.isRegularFile(launcher) || !Files.isExecutable(launcher)) {
      throw new BadInputException("--beside: no program at " + launcher);
    }
    return launcher.toAbsolutePath();
  }

  /** Peers that may be none. */
  private record StartedPeers(Optional<PeerProcess> process) implements AutoCloseable {
    List<PeerProcess.Peer> all() {
      return process.map(PeerProcess::peers).orElse(List.of());
    }

    @Override
    public void close() throws IOException {
      if (process.isPresent()) {
        process.get().close();
      }
    }
  }

  private StartedPeers dots(Path scratch) throws IOException {
    if (noPeers) {
      return new StartedPeers(Optional.empty());
    }
    KernelRuns.writeOperands(scratch);
    return peers(List.of("dots", scratch.toString()), threads.orElse(1));
  }

  /** LiteRT and ONNX Runtime read a file of their own format only. */
  private StartedPeers onModel(Path path, int workers) throws IOException {
    if (noPeers || !path.toString().matches(".*\\.(tflite|onnx)")) {
      return new StartedPeers(Optional.empty());
    }
    return peers(List.of("model", path.toString()), workers);
  }

  private StartedPeers peers(List<String> words, int workers) throws IOException {
    Optional<Path> script = PeerProcess.script();
    if (script.isEmpty()) {
      missing.add(new MissingPeer("all", "interop/bench/peers.py is not where narrows.root says"));
      return new StartedPeers(Optional.empty());
    }
    String interpreter = python.orElse("python3");
    try {
      commands.terminal().note("starting other programs (" + interpreter + ")");
      PeerProcess process = PeerProcess.start(interpreter, script.get(), words, workers);
      missing.addAll(process.missing());
      return new StartedPeers(Optional.of(process));
    } catch (IOException e) {
      if (python.isPresent()) {
        throw new BadInputException("--python: " + e.getMessage(), e);
      }
      missing.add(new MissingPeer("all", String.valueOf(e.getMessage())));
      return new StartedPeers(Optional.empty());
    }
  }
}
