package dev.narrows.cli.bench;

import dev.narrows.benchmarks.KernelBenchmark;
import dev.narrows.cli.bench.PeerProcess.Peer;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.report.CommandBenchmarks;
import dev.narrows.report.CommandBenchmarks.BesideRun;
import dev.narrows.report.CommandBenchmarks.MeasuredCommand;
import dev.narrows.report.CommandBenchmarks.PeerRun;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Commands on one network and one set of images, each a process of its own; round after round they
 * take turns with each other, with the yardstick and with peers.
 *
 * @param main the class that takes a command's words
 * @param beside the launcher of another build of this program, which runs every command, too
 * @param model as the user named it
 * @param dataset as the user named it
 * @param root where data sets are looked for first
 * @param chosen commands by name; the exact run is always there
 * @param note is told what is at work
 */
public record CommandRuns(
    String main,
    Optional<Path> beside,
    Path model,
    String dataset,
    Optional<Path> root,
    int images,
    int threads,
    int rounds,
    List<Integer> widths,
    Predicate<String> chosen,
    Consumer<String> note) {
  private static final String EXACT = "exact";
  private static final List<String> EXACT_RUN = List.of("evaluate", "--accumulator", EXACT);
  private static final String START = "start";
  private static final double YARDSTICK_SECONDS = 2;
  private static final long PEER_NANOS = 500_000_000;

  /** Copies the list. */
  public CommandRuns {
    widths = List.copyOf(widths);
  }

  /** The best of what was seen of a command. */
  private static final class Best {
    private final List<String> words;
    private final List<String> line;
    private double seconds = Double.POSITIVE_INFINITY;
    private OptionalInt resident = OptionalInt.empty();
    private String failure = "";
    private String said = "";

    Best(List<String> words, List<String> line) {
      this.words = words;
      this.line = line;
    }

    boolean failed() {
      return !failure.isEmpty();
    }

    void take(ChildCommand run) {
      if (run.exitCode() != 0) {
        failure = run.complaint().isEmpty() ? "exit code " + run.exitCode() : run.complaint();
        return;
      }
      seconds = Math.min(seconds, run.seconds());
      said = run.said();
      if (run.residentMegabytes().isPresent()) {
        int seen = run.residentMegabytes().getAsInt();
        resident = OptionalInt.of(Math.max(seen, resident.orElse(0)));
      }
    }
  }

  /** The words of every command after MODEL, by name: what a user would type. */
  static Map<String, List<String>> commands(List<Integer> widths) {
    Map<String, List<String>> commands = new LinkedHashMap<>();
    commands.put(EXACT, EXACT_RUN);
    commands.put("analyze", List.of("analyze"));
    for (int bits : widths) {
      for (String way :
          List.of(
              "saturate",
              "wrap",
              "resolved",
              "saturate:sorted",
              "saturate:sign-directed",
              "saturate:sorted(1)",
              "saturate:ascending",
              "saturate:tiles(16,1)")) {
        String register = "int%d:%s".formatted(bits, way);
        commands.put(register, List.of("evaluate", "--accumulator", register));
      }
    }
    commands.put("int8-20:saturate", List.of("evaluate", "--accumulator", "int8-20:saturate"));
    commands.put("analyze --sensitivity", List.of("analyze", "--sensitivity"));
    commands.put("run", List.of("run"));
    return commands;
  }

  /** The names of all commands, for messages. */
  public static List<String> names(List<Integer> widths) {
    return List.copyOf(commands(widths).keySet());
  }

  /**
   * Measures.
   *
   * @throws BadInputException if the exact run fails: it says why
   */
  public CommandBenchmarks measured(ModelFile file, List<Peer> peers) throws IOException {
    try (ScratchFolder scratch = ScratchFolder.create()) {
      return measured(file, peers, scratch.path());
    }
  }

  private CommandBenchmarks measured(ModelFile file, List<Peer> peers, Path scratch)
      throws IOException {
    Map<String, List<String>> all = new LinkedHashMap<>();
    all.put(START, words(EXACT_RUN, 1, scratch));
    commands(widths)
        .forEach((name, words) -> {
          if (name.equals(EXACT) || chosen.test(name)) {
            all.put(name, words(words, images, scratch));
          }
        });
    Map<String, Best> runs = new LinkedHashMap<>();
    Map<String, Best> others = new LinkedHashMap<>();
    all.forEach((name, words) -> {
      runs.put(name, new Best(words, ChildCommand.ofThisProgram(main, words)));
      beside.ifPresent(launcher -> others.put(name, new Best(words, launched(launcher, words))));
    });
    double[] peerNanos = new double[peers.size()];
    Arrays.fill(peerNanos, Double.POSITIVE_INFINITY);
    double yardstick = 0;
    for (int round = 1; round <= rounds; round++) {
      yardstick = Math.max(yardstick, yardstick());
      for (String name : all.keySet()) {
        run(name, of(name, runs), round);
        if (others.containsKey(name)) {
          run(name, of(name, others), round);
        }
      }
      for (int i = 0; i < peerNanos.length; i++) {
        note.accept("round %d of %d: %s".formatted(round, rounds, peers.get(i).name()));
        peerNanos[i] = Math.min(peerNanos[i], mean(peers.get(i)));
      }
    }
    int counted = counted(of(EXACT, runs));
    Optional<Long> macs = macs(file);
    List<MeasuredCommand> measured = new ArrayList<>();
    for (String name : all.keySet()) {
      if (!name.equals(START)) {
        measured.add(command(name, runs, others, counted, macs, yardstick));
      }
    }
    return new CommandBenchmarks(
        file.id(),
        dataset,
        counted,
        threads,
        rounds,
        macs,
        yardstick,
        of(START, runs).seconds,
        measured,
        IntStream.range(0, peerNanos.length)
            .mapToObj(
                i -> new PeerRun(peers.get(i).name(), peers.get(i).what(), 1e9 / peerNanos[i]))
            .toList());
  }

  private void run(String name, Best best, int round) throws IOException {
    if (best.failed()) {
      return;
    }
    note.accept("round %d of %d: %s".formatted(round, rounds, name));
    best.take(ChildCommand.run(best.line));
    if (best.failed() && (name.equals(EXACT) || name.equals(START))) {
      throw new BadInputException("evaluate --accumulator exact: " + best.failure);
    }
  }

  private double yardstick() throws IOException {
    return new KernelBenchmark(name -> false, threads, YARDSTICK_SECONDS)
        .run(List.of(), (name, round) -> {})
        .yardstick();
  }

  /** Of calls one after the other: a peer's throughput. */
  private static double mean(Peer peer) throws IOException {
    long sum = 0;
    int calls = 0;
    while (sum < PEER_NANOS) {
      sum += peer.contestant().nanoseconds();
      calls++;
    }
    return (double) sum / calls;
  }

  private static List<String> launched(Path launcher, List<String> words) {
    List<String> line = new ArrayList<>(words);
    line.addFirst(launcher.toString());
    return line;
  }

  private List<String> words(List<String> command, int limit, Path scratch) {
    List<String> words = new ArrayList<>(command);
    words.add(1, model.toString());
    if (command.getFirst().equals("run")) {
      words.addAll(List.of("--input", dataset, "--out", scratch.resolve("run").toString()));
    } else {
      words.addAll(List.of("--data", dataset, "--format", "json"));
    }
    words.addAll(List.of("--limit", String.valueOf(limit)));
    words.addAll(List.of("--threads", String.valueOf(threads)));
    root.ifPresent(folder -> words.addAll(List.of("--data-root", folder.toString())));
    return words;
  }

  /** How many images the exact run looked at: a set may have fewer than were asked for. */
  private static int counted(Best exact) {
    Map<String, Object> said = ResultJson.readMap("the exact run's result", exact.said);
    if (said.get("images") instanceof Integer images) {
      return images;
    }
    throw new IllegalStateException("the exact run says nothing of its images");
  }

  private MeasuredCommand command(
      String name,
      Map<String, Best> runs,
      Map<String, Best> others,
      int counted,
      Optional<Long> macs,
      double yardstick) {
    Best best = of(name, runs);
    String words =
        best.words.stream()
            .map(word -> word.equals(model.toString()) ? "MODEL" : word)
            .map(word -> word.equals(dataset) ? "SET" : word)
            .map(word -> word.contains("narrows-bench") ? "DIR" : word)
            .collect(Collectors.joining(" "));
    Optional<BesideRun> other = beside(name, others);
    if (best.failed()) {
      return new MeasuredCommand(
          name,
          words,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          other,
          Optional.of(best.failure));
    }
    double seconds = worked(best, runs);
    Optional<Double> times = timesExact(best, runs);
    Optional<Double> rate = times.map(measurable -> counted / seconds);
    return new MeasuredCommand(
        name,
        words,
        Optional.of(best.seconds),
        times,
        rate,
        rate.flatMap(images -> macs.map(each -> images * each / 1e9 / yardstick)),
        best.resident.isPresent() ? Optional.of(best.resident.getAsInt()) : Optional.empty(),
        other,
        Optional.empty());
  }

  private static Optional<BesideRun> beside(String name, Map<String, Best> others) {
    Best other = others.get(name);
    return other == null || other.failed()
        ? Optional.empty()
        : Optional.of(new BesideRun(other.seconds, timesExact(other, others)));
  }

  private static Best of(String name, Map<String, Best> runs) {
    return Objects.requireNonNull(runs.get(name), name);
  }

  /** Seconds without the start. */
  private static double worked(Best best, Map<String, Best> runs) {
    return best.seconds - of(START, runs).seconds;
  }

  /** The start taken off both; empty where all of it is start. */
  private static Optional<Double> timesExact(Best best, Map<String, Best> runs) {
    double seconds = worked(best, runs);
    double base = worked(of(EXACT, runs), runs);
    return seconds > 0 && base > 0 ? Optional.of(seconds / base) : Optional.empty();
  }

  /** Multiplications of one image; a program's depend on what it is given. */
  private static Optional<Long> macs(ModelFile file) {
    if (file.program().isPresent()) {
      return Optional.empty();
    }
    long macs = 0;
    for (LayerRegister register : LayerRegisters.exact().of(file.network())) {
      if (file.network().layer(register.layer()) instanceof SummingLayer sums) {
        macs += (long) sums.output().elements() * LayerRegisters.terms(file.network(), sums);
      }
    }
    return Optional.of(macs);
  }
}
