package dev.narrows.cli;

import dev.narrows.cli.terminal.Interruption;
import dev.narrows.cli.terminal.SweepProgress;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.cluster.ClusterException;
import dev.narrows.experiments.cluster.ClusterRequest;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.mlflow.MlflowSink;
import dev.narrows.experiments.mlflow.MlflowSweep;
import dev.narrows.experiments.mlflow.RunStatus;
import dev.narrows.experiments.run.Environment;
import dev.narrows.experiments.sweep.PlannedTrial;
import dev.narrows.experiments.sweep.Sweep;
import dev.narrows.experiments.sweep.SweepFolder;
import dev.narrows.experiments.sweep.SweepListener;
import dev.narrows.experiments.sweep.SweepRun;
import dev.narrows.experiments.sweep.TrialCluster;
import dev.narrows.experiments.training.Trainer;
import dev.narrows.experiments.training.TrainingException;
import dev.narrows.report.ListingResult;
import dev.narrows.report.ResultJson;
import dev.narrows.report.SweepResult;
import dev.narrows.report.SweepTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sweep}: a grid of runs into one table with its Pareto front. */
@Command(
    name = "sweep",
    customSynopsis = {
      "narrows sweep FILE [--out=DIR] [--jobs=N] [--shard=I/N] [--dry-run]",
      "              [--master=URL] [--mlflow=URI] [--data-root=DIR]",
      "              [--format=table|json|csv]",
      "narrows sweep merge DIR... --out=DIR"
    },
    description = {
      "Trains every trial of a grid in a process of its own, and writes one table (CSV, SQLite),",
      "the Pareto front of accuracy against accumulator bits (JSON) and a report.",
      "Killed or interrupted, the same command goes on where it was."
    },
    subcommands = {SweepMergeCommand.class, SweepTrialCommand.class})
final class SweepCommand implements Callable<Integer> {
  private static final int MOST_JOBS = 1024;

  @Parameters(
      index = "0",
      arity = "0..1", // a subcommand has none
      paramLabel = "FILE",
      description = "A YAML file; see recipes/sweeps/ and docs/sweeps.md.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The sweep's folder (default: runs/<name>).")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = {
        "Trials at a time (default: 1, on a cluster as many as its cores take). A trial's threads",
        "are those of its recipe, because they are part of its result."
      })
  private Optional<Integer> jobs = Optional.empty();

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description = "Only every Nth trial from the Ith on: one machine's share. See sweep merge.")
  private Optional<String> shard = Optional.empty();

  @Option(names = "--dry-run", description = "List the trials, run nothing.")
  private boolean dryRun;

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private MlflowOptions mlflow = new MlflowOptions();
  @Mixin private FormatOptions formats = new FormatOptions();
  @Mixin private DataOptions.RootOptions roots = new DataOptions.RootOptions();

  private final Commands commands;

  SweepCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    if (jobs.isPresent() && (jobs.get() < 1 || jobs.get() > MOST_JOBS)) {
      throw new BadInputException(
          "--jobs: must be in [1, %d], got %d".formatted(MOST_JOBS, jobs.get()));
    }
    Sweep whole =
        Sweep.read(
            file.orElseThrow(() ->
                new BadInputException(
                    "FILE is missing: a sweep, such as recipes/sweeps/smoke.yaml")));
    Sweep sweep = shard.map(text -> shard(whole, text)).orElse(whole);
    SweepFolder folder = new SweepFolder(RunsFolder.of(commands, out, whole.name()));
    Optional<ClusterRequest> request =
        cluster.requestOfSweep(commands.terminal(), "narrows sweep " + whole.name(), folder.path());
    if (request.isEmpty()) {
      warnOfThreads(sweep);
    }
    if (dryRun) {
      formats.print(commands.terminal(), plan(sweep, folder));
      return ExitCode.DONE;
    }
    if (Trainer.find().isEmpty() && request.isEmpty()) { // machines have their own
      throw new TrainingException(
          "no trainer on the class path; start sweeps through ./narrows, which builds it");
    }
    Optional<MlflowSink> sink = mlflow.sink(Optional.of(folder.path()));
    try (Interruption interruption = new Interruption(60);
        SweepProgress progress = new SweepProgress(commands.terminal(), interruption::asked)) {
      Optional<MlflowSweep> told = sink.map(one -> new MlflowSweep(one, folder, progress));
      if (told.isPresent()) {
        told.get().before(sweep.trials());
      }
      SweepListener listener = told.<SweepListener>map(one -> one).orElse(progress);
      RunStatus end = RunStatus.FAILED;
      try {
        int code = finish(sweep, folder, request, interruption, listener);
        end = RunStatus.FINISHED;
        return code;
      } finally {
        RunStatus last = interruption.asked() ? RunStatus.KILLED : end;
        told.ifPresent(one -> one.over(last));
        sink.ifPresent(one -> MlflowOptions.finish(one, last, progress::note));
      }
    }
  }

  private int finish(
      Sweep sweep,
      SweepFolder folder,
      Optional<ClusterRequest> request,
      Interruption interruption,
      SweepListener listener)
      throws IOException {
    TrialCommandLine here = new TrialCommandLine(sweep.beside(), roots.explicit());
    SweepResult result =
        request.isPresent()
            ? onCluster(sweep, folder.absolute(), request.get(), here.absolute(), listener)
            : new SweepRun(sweep, folder, here, jobs.orElse(1), listener).finish();
    writeEnvironment(commands, folder);
    if (interruption.asked()) {
      commands.terminal().note("narrows: interrupted; the same command resumes the sweep");
      return ExitCode.INTERRUPTED;
    }
    tell(commands, result, folder, formats);
    return exitCode(result);
  }

  private SweepResult onCluster(
      Sweep sweep,
      SweepFolder folder,
      ClusterRequest request,
      TrialCommandLine command,
      SweepListener listener)
      throws IOException {
    TrialCluster engine =
        TrialCluster.find()
            .orElseThrow(() ->
                new ClusterException(
                    "no Spark on the class path; start with ./narrows, which builds it"));
    int threads = sweep.trials().stream().mapToInt(t -> t.recipe().threads()).max().orElse(1);
    Files.createDirectories(folder.path());
    TrialCluster.TrialSite site =
        new TrialCluster.TrialSite(
            request, folder.path(), TrialCommandLine.program(), command::words, threads);
    try (TrialCluster.RemoteTrials machines = engine.connect(site)) {
      return new SweepRun(sweep, folder, machines, jobs.orElse(MOST_JOBS), listener).finish();
    }
  }

  /** Prints a sweep's result and makes its report. */
  static void tell(Commands commands, SweepResult result, SweepFolder folder, FormatOptions formats)
      throws IOException {
    if (formats.is(FormatOptions.Format.csv)) {
      commands.terminal().out().print(result.table().csv());
      commands.terminal().out().flush();
    } else {
      formats.print(commands.terminal(), result);
    }
    commands.terminal().note("sweep folder: " + folder.path());
    ReportFiles.html(commands.terminal(), result.name(), folder.path());
  }

  /** As a run's, without a seed: each trial has its own. */
  static void writeEnvironment(Commands commands, SweepFolder folder) throws IOException {
    String json = Environment.here(commands.arguments()).json();
    Map<String, Object> here = new LinkedHashMap<>(ResultJson.readMap("environment", json));
    here.remove("seed");
    AtomicFile.write(folder.path().resolve("environment.json"), ResultJson.write(here));
  }

  private static int exitCode(SweepResult result) {
    Set<String> ends =
        new LinkedHashSet<>(result.trials().stream().map(SweepTrial::status).toList());
    return ends.contains(SweepTrial.FAILED)
        ? ExitCode.FAILED
        : ends.contains(SweepTrial.UNCERTIFIED) ? ExitCode.NOT_GUARANTEED : ExitCode.DONE;
  }

  private static Sweep shard(Sweep sweep, String text) {
    if (text.matches("\\d{1,4}/\\d{1,4}")) {
      String[] parts = text.split("/");
      int number = Integer.parseInt(parts[0]);
      int of = Integer.parseInt(parts[1]);
      if (number >= 1 && number <= of && of <= sweep.trials().size()) {
        return sweep.shard(number, of);
      }
    }
    throw new BadInputException(
        "--shard: expected I/N such as 1/2, I from 1 to N, N at most %d trials, found \"%s\""
            .formatted(sweep.trials().size(), text));
  }

  private void warnOfThreads(Sweep sweep) {
    int most = sweep.trials().stream().mapToInt(trial -> trial.recipe().threads()).max().orElse(1);
    int processors = Runtime.getRuntime().availableProcessors();
    int atATime = Math.min(jobs.orElse(1), sweep.trials().size());
    if ((long) most * atATime > processors) {
      commands
          .terminal()
          .note(
              "%d jobs of %d threads share %d processors; threads are the recipe's (key \"threads\")"
                  .formatted(atATime, most, processors));
    }
  }

  /** What would be run. */
  private static ListingResult plan(Sweep sweep, SweepFolder folder) throws IOException {
    Set<String> keys = new LinkedHashSet<>();
    sweep.trials().forEach(trial -> keys.addAll(trial.keys().keySet()));
    List<String> columns = new ArrayList<>(List.of("label"));
    columns.addAll(keys);
    columns.addAll(List.of("seed", "threads", "epochs", "registers", "hash", "status"));
    List<Map<String, Object>> items = new ArrayList<>();
    for (PlannedTrial trial : sweep.trials()) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("label", trial.label());
      keys.forEach(key -> item.put(key, trial.keys().getOrDefault(key, "")));
      item.put("seed", trial.recipe().seed());
      item.put("threads", trial.recipe().threads());
      item.put("epochs", trial.epochs());
      item.put("registers", trial.accumulators().size() + 1);
      item.put("hash", trial.hash());
      item.put("status", folder.known(trial).status());
      items.add(item);
    }
    return new ListingResult(
        "sweep-plan",
        "%s: %d trials in %s".formatted(sweep.name(), items.size(), folder.path()),
        columns,
        items);
  }
}
