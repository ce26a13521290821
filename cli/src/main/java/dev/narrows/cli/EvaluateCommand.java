package dev.narrows.cli;

import dev.narrows.core.accumulator.OperandException;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.evaluate.AgreementEvaluation;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.evaluate.FittedBiases;
import dev.narrows.experiments.evaluate.LanguageEvaluation;
import dev.narrows.experiments.evaluate.LanguageParts;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.RunEvaluation;
import dev.narrows.experiments.evaluate.SimilarityEvaluation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.llama.LlamaRange;
import dev.narrows.network.pass.FoldScales;
import dev.narrows.report.AgreementResult;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.LanguageResult;
import dev.narrows.report.SimilarityResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code evaluate}: accuracy, or a language model's loss, under accumulators. */
@Command(
    name = "evaluate",
    description = {
      "Accuracy of a network under each accumulator (error, F1 or PSNR where y holds numbers,"
          + " labels",
      "or images); without labels, or where the output is no",
      "score for each class, agreement with exact registers and signal to noise. Of a language",
      "model (a .gguf of the llama or qwen2 family, a transformer's folder of these, or a .bin of",
      "llama2.c): the loss of a token and perplexity, --data being wikitext-2, another known text,"
          + " a",
      "text file, or sampled/SEED, a text by the model itself. --limit is a number of predictions",
      "then. Of an encoder (a transformer's folder of the bert family): how many sentences of a"
          + " text",
      "are nearer to one of their paragraph than to one of another article, --limit triples of"
          + " them."
    })
final class EvaluateCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL", description = "A network file or a run folder.")
  private Path model = Path.of("");

  @Mixin private ModelOptions shapes = new ModelOptions();

  @Option(
      names = "--fold-norms",
      description =
          "Multiply batch norms into the weights of float layers before anything is summed.")
  private boolean foldNorms;

  @Option(
      names = "--diagnostics",
      description = {
        "Per layer in a floating-point register: rates of underflow, overflow and swamping, and",
        "signal to noise against exact sums. Of a language model also the first token that",
        "overflows in each layer, and the tokens whose loss rises most."
      })
  private boolean diagnostics;

  @Option(
      names = "--sensitivity",
      paramLabel = "WHAT",
      split = ",",
      description = {
        "Also the loss of a language model with one part at a time in the register and all else",
        "exact, the dearest first: kinds (all products with one matrix, all scores), layers,",
        "products, or several of them."
      })
  private List<String> sensitivity = List.of();

  @Option(
      names = "--migrate",
      paramLabel = "TEXT",
      description = {
        "Of a language model: first makes outliers among activations smaller and the weights that",
        "meet them larger, by powers of two, as the first 512 tokens of a text show them, such as",
        "wikitext-2/validation. Exact sums stay the same to the last bit."
      })
  private Optional<String> migrate = Optional.empty();

  @Option(
      names = "--migrate-alpha",
      paramLabel = "A",
      description = "How much of an outlier moves to the weights, 0 to 1 (default: 0.5).")
  private Optional<Double> alpha = Optional.empty();

  @Option(
      names = "--fit",
      paramLabel = "TEXT",
      description = {
        "Of a language model: gives floating-point registers biases of each layer's own, so that",
        "they hold the products and twice the sums of the first 512 tokens of a text."
      })
  private Optional<String> fit = Optional.empty();

  @Option(
      names = "--fitted",
      paramLabel = "FILE",
      description = "With --fit: also writes those registers, for --accumulators.")
  private Optional<Path> fitted = Optional.empty();

  @Option(
      names = "--compensate",
      paramLabel = "TEXT",
      description = {
        "Of a language model: multiplies the sums of each layer by a factor of its own, which",
        "gives back what its register takes on average of those of the first 512 tokens of a",
        "text. With --fit also tries smaller biases, and takes those that leave the least error."
      })
  private Optional<String> compensate = Optional.empty();

  @Option(
      names = "--factors",
      paramLabel = "FILE",
      description =
          "With --compensate: also writes the factors, which can be multiplied into weights.")
  private Optional<Path> factors = Optional.empty();

  @Mixin private AccumulatorOptions accumulators = new AccumulatorOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private LanguageOptions language = new LanguageOptions();
  @Mixin private ThreadOptions threads = new ThreadOptions();
  @Mixin private ClusterOptions clusters = new ClusterOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @ParentCommand private @Nullable Narrows narrows;

  private final Commands commands;

  EvaluateCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    List<LayerRegisters> registers = accumulators.registers(commands.terminal());
    if (LanguageFiles.fits(model)) {
      return language(registers);
    }
    language.refuse();
    DataOptions.refuse(migrate, "--migrate", "is for a language model");
    DataOptions.refuse(alpha, "--migrate-alpha", "goes with --migrate");
    DataOptions.refuse(fit, "--fit", "is for a language model");
    DataOptions.refuse(fitted, "--fitted", "goes with --fit");
    DataOptions.refuse(compensate, "--compensate", "is for a language model");
    DataOptions.refuse(factors, "--factors", "goes with --compensate");
    if (!sensitivity.isEmpty()) {
      throw new BadInputException(
          "--sensitivity: is for a language model; analyze --sensitivity is for other networks");
    }
    if (EncoderInputs.fits(model)) {
      return similarity(registers);
    }
    ModelFile opened = shapes.open(model);
    accumulators.requireFor(opened);
    FileTensors.note(opened.network()).ifPresent(commands.terminal()::note);
    ModelFile unseen = foldNorms ? opened.with(FoldScales.of(opened.network())) : opened;
    if (foldNorms && unseen.network() == opened.network()) {
      commands.terminal().note("--fold-norms: no float layer has a batch norm to fold");
    }
    String set =
        data.named(unseen)
            .orElseThrow(() -> new BadInputException("--data: a network file needs a data set"));
    if (opened.program().isEmpty()) {
      registers.forEach(one -> checked(unseen.network(), one)); // before any work is done
    }
    try (ClusterWork cluster =
        clusters.open(commands.terminal(), "narrows evaluate " + model, output.folder())) {
      data.on(cluster);
      return images(unseen, set, registers, cluster);
    }
  }

  private Integer images(
      ModelFile unseen, String set, List<LayerRegisters> registers, ClusterWork cluster)
      throws IOException {
    NetworkInputs inputs = data.openToScore(commands.terminal(), unseen, set);
    ModelFile file = unseen.seenOn(inputs);
    registers.forEach(one -> checked(file.network(), one));
    registers.forEach(one -> one.leftOut(file.network()).ifPresent(commands.terminal()::note));
    if (inputs.labels().isEmpty() && inputs.measured().isEmpty()) {
      return agreement(file, inputs, registers, cluster);
    }
    EvaluationResult result;
    try (ScanProgress progress = new ScanProgress(commands.terminal())) {
      Evaluator evaluator = new Evaluator(file.network(), inputs, threads.count(), progress);
      if (diagnostics) {
        evaluator.diagnose(Integer.MAX_VALUE);
      }
      result = RunEvaluation.of(file, inputs, evaluator, registers);
    }
    output.workedOn(cluster.executors());
    output.tell(commands, result, "evaluation");
    if (narrows != null && narrows.verbose()) {
      result.decided().orElse(List.of()).forEach(pass -> commands.terminal().note(pass.line()));
    }
    tellIfNoFloats(result.results().stream().allMatch(one -> one.floats().isEmpty()));
    return ExitCode.DONE;
  }

  private void tellIfNoFloats(boolean none) {
    if (diagnostics && none) {
      commands
          .terminal()
          .note("--diagnostics: no layer sums in a floating-point register, so none are shown");
    }
  }

  /** Without labels outputs are compared with those in exact registers. */
  private Integer agreement(
      ModelFile file, NetworkInputs inputs, List<LayerRegisters> registers, ClusterWork cluster)
      throws IOException {
    AgreementResult result;
    try (ScanProgress progress = new ScanProgress(commands.terminal())) {
      result =
          AgreementEvaluation.of(file, inputs, registers, threads.count(), progress, diagnostics);
    }
    output.workedOn(cluster.executors());
    output.tell(commands, result, "evaluation");
    tellIfNoFloats(result.results().stream().allMatch(one -> one.floats().isEmpty()));
    if (registers.equals(List.of(LayerRegisters.exact()))) {
      commands
          .terminal()
          .note("exact registers agree with themselves: name others with --accumulator");
    }
    return ExitCode.DONE;
  }

  private Integer language(List<LayerRegisters> registers) throws IOException {
    refuse(foldNorms, "--fold-norms");
    clusters.refuse("has no effect on a language model: it is run on this machine alone");
    data.refuseBesideTokens();
    String text =
        data.text()
            .orElseThrow(() ->
                new BadInputException(
                    "--data: a language model needs a known text such as wikitext-2, a text file,"
                        + " or sampled/SEED"));
    LanguageEvaluation.Wanted wanted =
        new LanguageEvaluation.Wanted(
            diagnostics,
            sensitivity.stream().map(each -> LanguageParts.parse("--sensitivity", each)).toList());
    LanguageEvaluation evaluation =
        language.open(model, text, data.roots(), data.limit(), threads.count());
    accumulators.requireFor(evaluation.id().sha256());
    if (migrate.isEmpty()) {
      DataOptions.refuse(alpha, "--migrate-alpha", "goes with --migrate");
    } else {
      double moved = alpha.orElse(0.5);
      if (!(moved >= 0 && moved <= 1)) {
        throw new BadInputException("--migrate-alpha: must be in [0, 1], got " + moved);
      }
      evaluation =
          language.migrated(evaluation, model, migrate.get(), data.roots(), moved, threads.count());
    }
    Network sums = evaluation.model().sums();
    registers.forEach(each -> checked(sums, each));
    if (fit.isEmpty()) {
      DataOptions.refuse(fitted, "--fitted", "goes with --fit");
    }
    if (compensate.isEmpty()) {
      DataOptions.refuse(factors, "--factors", "goes with --compensate");
    }
    List<LayerRegisters> chosen = chosen(evaluation, registers);
    LanguageResult result;
    try (ScanProgress progress = new ScanProgress(commands.terminal())) {
      result = evaluation.of(chosen, wanted, threads.count(), progress);
    }
    output.tell(commands, result, "evaluation");
    tellIfNoFloats(result.results().stream().allMatch(one -> one.floats().isEmpty()));
    return ExitCode.DONE;
  }

  private Integer similarity(List<LayerRegisters> registers) throws IOException {
    refuse(foldNorms, "--fold-norms");
    clusters.refuse("has no effect on a language model: it is run on this machine alone");
    data.refuseBesideTokens();
    SimilarityEvaluation evaluation =
        EncoderInputs.open(model, data.text(), data.roots(), data.limit());
    Network sums = evaluation.sums();
    registers.forEach(each -> checked(sums, each));
    SimilarityResult result;
    try (ScanProgress progress = new ScanProgress(commands.terminal())) {
      result = evaluation.of(registers, diagnostics, threads.count(), progress);
    }
    output.tell(commands, result, "evaluation");
    tellIfNoFloats(result.results().stream().allMatch(one -> one.floats().isEmpty()));
    return ExitCode.DONE;
  }

  /** The registers as --fit and --compensate change them. */
  private List<LayerRegisters> chosen(LanguageEvaluation evaluation, List<LayerRegisters> registers)
      throws IOException {
    Network sums = evaluation.model().sums();
    List<LlamaRange> ranges =
        fit.isEmpty()
            ? List.of()
            : language.ranges(evaluation, fit.get(), data.roots(), threads.count());
    List<LayerRegisters> made = new ArrayList<>();
    for (LayerRegisters each : registers) {
      if (compensate.isPresent()) {
        made.add(
            language.compensated(
                evaluation, each, ranges, compensate.get(), data.roots(), threads.count()));
      } else {
        made.add(fit.isEmpty() ? each : FittedBiases.of(each, sums, ranges));
      }
    }
    if (fitted.isPresent()) {
      StringBuilder yaml = new StringBuilder();
      only("--fitted", made)
          .of(sums)
          .forEach(layer -> yaml.append("%s: \"%s\"\n".formatted(layer.layer(), layer.asked())));
      write(fitted.get(), yaml, "registers");
    }
    if (factors.isPresent()) {
      LayerRegisters one = only("--factors", made);
      StringBuilder yaml = new StringBuilder();
      one.of(sums)
          .forEach(
              layer -> yaml.append("%s: %s\n".formatted(layer.layer(), one.factor(layer.layer()))));
      write(factors.get(), yaml, "factors");
    }
    return made;
  }

  private static LayerRegisters only(String option, List<LayerRegisters> made) {
    if (made.size() != 1) {
      throw new BadInputException(option + ": writes one choice of registers, got " + made.size());
    }
    return made.getFirst();
  }

  private void write(Path file, StringBuilder text, String what) throws IOException {
    AtomicFile.write(file, text.toString());
    commands.terminal().note(what + ": " + file);
  }

  private static void refuse(boolean given, String option) {
    if (given) {
      throw new BadInputException(option + ": has no effect on a language model");
    }
  }

  /** Refuses rules that match no layer before any work is done. */
  static void checked(Network network, LayerRegisters registers) {
    try {
      registers.of(network);
    } catch (OperandException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--accumulators: " + e.getMessage(), e);
    }
  }
}
