package dev.narrows.cli;

import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.pipeline.Demo;
import dev.narrows.report.DemoResult;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code demo}: the main job on embedded images. */
@Command(
    name = "demo",
    description = {
      "The main job on embedded images, in about two minutes.",
      "Trains, prunes and quantises a small network, evaluates it in 7- to 20-bit registers under"
          + " several orders, and trains it through a narrow register."
    })
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Gets the run folders network and register (default: runs/demo-<seed>).")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--seed", paramLabel = "N", description = "Changes weights and figures.")
  private long seed = 1;

  @Mixin private TrainingOptions options = new TrainingOptions();

  private final Commands commands;

  DemoCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    TrainCommand.notNegative(seed);
    Path folder = RunsFolder.of(commands, out, "demo-" + seed);
    long start = System.nanoTime();
    return Training.run(
        commands.terminal(),
        (trainer, progress) -> {
          Demo demo = new Demo(options.roots(), trainer, folder, commands.arguments());
          DemoResult result;
          try (ScanProgress scan = new ScanProgress(commands.terminal(), progress::cancelled)) {
            result = demo.run(seed, options.threadsAsked(), options.threads(), progress, scan);
          }
          options.formats().print(commands.terminal(), result);
          if (options.formats().is(FormatOptions.Format.table)) {
            result.notes().forEach(note -> commands.terminal().out().println("\n" + note));
            commands.terminal().out().println("\n" + check(folder));
          }
          AtomicFile.write(folder.resolve("demo.json"), ResultJson.write(result));
          ReportFiles.html(commands.terminal(), "Narrows demo", folder);
          commands.terminal().note("took " + (System.nanoTime() - start) / 1_000_000_000L + " s");
        });
  }

  /** A command that repeats figures of the table from the stored network. */
  private static String check(Path folder) {
    return "To repeat figures: ./narrows evaluate "
        + folder.resolve("network")
        + " --accumulator int8-20:saturate --accumulator int8-20:saturate:sorted\n"
        + "It gives the same figures on every machine; training this network on another kind of"
        + " processor gives others.";
  }
}
