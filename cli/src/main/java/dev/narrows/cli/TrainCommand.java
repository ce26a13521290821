package dev.narrows.cli;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.run.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code train}: a recipe into a run folder. */
@Command(
    name = "train",
    description = {
      "Trains a recipe into a run folder, lowers it to integers and evaluates it.",
      "The same command resumes a run that was interrupted."
    })
final class TrainCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "RECIPE", description = "A YAML file; see recipes/.")
  private Path file = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The run folder (default: runs/<name>-<seed>).")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--beside",
      paramLabel = "DIR",
      hidden = true, // for recipes that a sweep wrote elsewhere
      description = "What init and from are relative to, instead of the recipe's folder.")
  private Optional<Path> beside = Optional.empty();

  @Option(names = "--seed", paramLabel = "N", description = "Instead of the recipe's.")
  private Optional<Long> seed = Optional.empty();

  @Mixin private MlflowOptions mlflow = new MlflowOptions();
  @Mixin private TrainingOptions options = new TrainingOptions();

  private final Commands commands;

  TrainCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    Recipe recipe = Recipe.read(file);
    if (seed.isPresent()) {
      recipe = recipe.withSeed(notNegative(seed.get()));
    }
    if (options.threadsAsked().isPresent()) {
      recipe = recipe.withThreads(options.threadsAsked().get());
    }
    Path folder = RunsFolder.of(commands, out, recipe.name() + "-" + recipe.seed());
    TrainingRun run =
        new TrainingRun(
            recipe, beside.orElse(file.toAbsolutePath().resolveSibling("")), options.roots());
    return Training.finish(
        commands, run, folder, options.threads(), options.formats(), mlflow.sink(Optional.empty()));
  }

  static long notNegative(long seed) {
    if (seed < 0) {
      throw new BadInputException("--seed: must not be negative, got " + seed);
    }
    return seed;
  }
}
