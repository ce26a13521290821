package dev.narrows.cli;

import dev.narrows.data.catalog.KnownSets;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.pipeline.PostTraining;
import dev.narrows.experiments.recipe.IntegerNumbers;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.run.RunFolder;
import dev.narrows.experiments.run.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quantize}: float weights into an integer network, without training. */
@Command(
    name = "quantize",
    description = {
      "Quantizes a float network after training: observes ranges on training images, gives every"
          + " output channel a scale, evaluates the integers.",
      "Ends in a run folder as train does; its recipe.yaml says everything that was chosen.",
      "Of a language model (.gguf, or a .bin of llama2.c): integers for every matrix, activations as",
      "codes with a scale for each token; ends in a folder that evaluate, certify and run take."
    })
final class QuantizeCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description =
          "Float weights (.safetensors), a float network (.onnx), a run that ended in floats, or a"
              + " language model.")
  private Path model = Path.of("");

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The network that a file's weights belong to, such as resnet20.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--width",
      paramLabel = "N",
      description = "Channels of its first convolution (default: the network's own).")
  private Optional<Integer> width = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "SET",
      description = "cifar10, mnist, … (default for a run: its own).")
  private Optional<String> data = Optional.empty();

  @Option(
      names = "--preprocess",
      paramLabel = "HOW",
      description = "raw, unit or mean=…,std=… (default: the usual for the set).")
  private Optional<String> preprocess = Optional.empty();

  @Option(
      names = "--weights",
      paramLabel = "BITS",
      description = {
        "2 to 8 (default: ${DEFAULT-VALUE}); or float, or a format such as m4e3, for a network",
        "of real numbers that floating-point accumulators sum."
      })
  private String weights = "8";

  @Option(
      names = "--activations",
      paramLabel = "BITS",
      description = "As --weights (default: 8, or float where weights are no integers).")
  private Optional<String> activations = Optional.empty();

  @Option(
      names = "--first-last",
      paramLabel = "BITS",
      description = "Of the first and the last layer (default: 8); for integer weights.")
  private Optional<Integer> firstLast = Optional.empty();

  @Option(
      names = "--observer",
      paramLabel = "min-max|percentile|mse",
      description = "How a range is chosen (default: mse); for integer weights.")
  private Optional<String> observer = Optional.empty();

  @Option(
      names = "--calibrate",
      paramLabel = "N",
      description =
          "Training images to observe (default: 1000); of a language model, tokens (4096).")
  private Optional<Integer> calibrate = Optional.empty();

  @Option(names = "--equalize", description = "Balance the ranges of neighbouring layers first.")
  private boolean equalize;

  @Option(
      names = "--correct-bias",
      description = "Take out what rounding the weights adds on average.")
  private boolean correctBias;

  @Option(names = "--seed", paramLabel = "N", description = "Of the run (default: 1).")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The run folder (default: runs/<name>-<seed>).")
  private Optional<Path> out = Optional.empty();

  @Mixin private LanguageIntegerOptions integers = new LanguageIntegerOptions();
  @Mixin private TrainingOptions options = new TrainingOptions();

  private final Commands commands;

  QuantizeCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    if (LanguageFiles.isReal(model)) {
      refuseForLanguage();
      return integers.make(
          commands,
          model,
          new LanguageIntegerOptions.OperandBits(weights, activations),
          calibrate,
          data,
          out,
          options.roots(),
          options.threads());
    }
    integers.refuse();
    Recipe recipe = recipe();
    Path folder = RunsFolder.of(commands, out, recipe.name() + "-" + recipe.seed());
    TrainingRun run = new TrainingRun(recipe, Path.of("").toAbsolutePath(), options.roots());
    return Training.finish(commands, run, folder, options.threads(), options.formats());
  }

  private void refuseForLanguage() {
    String problem = "has no effect on a language model";
    DataOptions.refuse(name, "--model", problem);
    DataOptions.refuse(width, "--width", problem);
    DataOptions.refuse(preprocess, "--preprocess", problem);
    DataOptions.refuse(firstLast, "--first-last", problem);
    DataOptions.refuse(observer, "--observer", problem);
    DataOptions.refuse(Optional.of(equalize).filter(asked -> asked), "--equalize", problem);
    DataOptions.refuse(Optional.of(correctBias).filter(asked -> asked), "--correct-bias", problem);
  }

  private Recipe recipe() {
    if (!Files.exists(model)) {
      throw BadInputException.in(model, "no such file or folder");
    }
    PostTraining how =
        new PostTraining(
            target(),
            PostTraining.prepare(equalize, correctBias, calibrate.orElse(1000)),
            TrainCommand.notNegative(seed),
            options.threads());
    if (Files.isDirectory(model)) {
      RunFolder run = RunFolder.open(model);
      refuse(name, "--model");
      refuse(width, "--width");
      refuse(preprocess, "--preprocess");
      String own = run.recipe().data().set();
      if (!data.orElse(own).equals(own) && !sameFile(data.orElse(own), own)) {
        throw new BadInputException(
            "--data: the run was trained on %s, found \"%s\"".formatted(own, data.orElse(own)));
      }
      return how.ofRun(run);
    }
    if (model.toString().endsWith(".onnx")) {
      refuse(name, "--model", "an ONNX file says that itself");
      refuse(width, "--width", "an ONNX file says that itself");
      return how.ofModel(model, observed(), preprocess);
    }
    return how.ofWeights(
        model,
        new PostTraining.WeightFileModel(
            name.orElseThrow(() -> missing("--model", "which network they belong to")),
            width,
            observed(),
            preprocess));
  }

  private String observed() {
    String set = data.orElseThrow(() -> missing("--data", "what to observe ranges on"));
    if (KnownSets.named(set).isEmpty() && !Files.exists(Path.of(set))) {
      throw new BadInputException(
          "--data: \"%s\" is neither a known data set (%s) nor a file or folder"
              .formatted(set, KnownSets.names()));
    }
    return set;
  }

  /** Whether both name the same own data: a run keeps their absolute path. */
  private static boolean sameFile(String text, String own) {
    return Path.of(own).isAbsolute()
        && Path.of(text).toAbsolutePath().normalize().equals(Path.of(own));
  }

  private PostTraining.QuantizationTarget target() {
    if (!weights.matches("\\d{1,9}")) {
      String stored = activations.orElse("float");
      DataOptions.refuse(firstLast, "--first-last", "is for integers, not for " + weights);
      DataOptions.refuse(observer, "--observer", "is for integers, not for " + weights);
      if (weights.equals("float") && stored.equals("float")) {
        String problem = "has no effect where weights and activations stay float";
        DataOptions.refuse(calibrate, "--calibrate", problem);
        DataOptions.refuse(
            correctBias ? Optional.of(true) : Optional.empty(), "--correct-bias", problem);
      }
      return new PostTraining.FloatTarget(weights, stored);
    }
    String bits = activations.orElse("8");
    if (!bits.matches("\\d{1,9}")) {
      throw new BadInputException(
          "--activations: expected 2 to 8 bits beside --weights %s, found \"%s\""
              .formatted(weights, bits));
    }
    return new PostTraining.IntegerTarget(
        Integer.parseInt(weights), Integer.parseInt(bits), firstLast.orElse(8), observer());
  }

  private BadInputException missing(String option, String what) {
    return new BadInputException(
        "%s: is needed with a weight file, which does not say %s".formatted(option, what));
  }

  private static void refuse(Optional<?> given, String option) {
    refuse(given, option, "a run folder says that itself");
  }

  private static void refuse(Optional<?> given, String option, String why) {
    if (given.isPresent()) {
      throw new BadInputException(option + ": " + why);
    }
  }

  private IntegerNumbers.RangeObserver observer() {
    String asked = observer.orElse("mse");
    return switch (asked) {
      case "min-max" -> IntegerNumbers.RangeObserver.MIN_MAX;
      case "percentile" -> IntegerNumbers.RangeObserver.PERCENTILE;
      case "mse" -> IntegerNumbers.RangeObserver.MSE;
      default ->
          throw new BadInputException(
              "--observer: expected one of min-max, percentile, mse, found \"" + asked + "\"");
    };
  }
}
