package dev.narrows.cli;

import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.llama.LanguageModel;
import dev.narrows.network.program.ProgramModel;
import dev.narrows.network.program.ProgramSession;
import dev.narrows.network.text.TextTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run}: outputs, or every tensor, as stored codes or float32. */
@Command(
    name = "run",
    description = {
      "The network's outputs on given inputs, in .npy files: stored codes, or float32.",
      "Files are named <tensor index>_<name>.npy and hold [images, channels, rows, columns];",
      "of a TFLite file the index, the name and the shape are the file's own, and every",
      "output is written. Several inputs are arrays of an .npz by their names, or one array x",
      "whose rows hold them one after the other. Names that are too long for a file are cut;",
      "names.csv then lists them in full. A language model (a .gguf of the llama or qwen2 family,"
          + " a",
      "transformer's folder of these, or a .bin of llama2.c) goes on with --prompt, in the"
          + " register",
      "of --accumulator."
    })
final class RunCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL", description = "A network file or a run folder.")
  private Path model = Path.of("");

  @Mixin private ModelOptions shapes = new ModelOptions();

  @Option(
      names = "--input",
      paramLabel = "X",
      description =
          "What --data names, or an .npz with an array for each input. --data says the same.")
  private Optional<String> inputs = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where files go; of a language model, text.txt.")
  private Optional<Path> folder = Optional.empty();

  @Option(names = "--all-tensors", description = "Write every intermediate tensor too.")
  private boolean allTensors;

  @Mixin private AccumulatorOptions accumulators = new AccumulatorOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private LanguageOptions language = new LanguageOptions();
  @Mixin private SampleOptions samples = new SampleOptions();
  @Mixin private ThreadOptions threads = new ThreadOptions();

  private final Commands commands;

  RunCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    LayerRegisters registers = accumulators.single(commands.terminal());
    data.refuseLabels();
    if (inputs.isPresent() && data.given()) {
      throw new BadInputException("--data: --input names the inputs already");
    }
    Optional<String> asked = inputs.or(data::text);
    if (LanguageFiles.fits(model) && asked.isEmpty()) {
      return text(registers);
    }
    language.refuse();
    samples.refuse();
    String input = needed(asked, "--input");
    Path out = needed(folder, "--out");
    ModelFile file = shapes.open(model);
    accumulators.requireFor(file);
    FileTensors.note(file.network()).ifPresent(commands.terminal()::note);
    if (file.program().isPresent()) {
      return program(file, registers, input, out);
    }
    checked(file.network(), registers);
    NetworkInputs read = data.open(commands.terminal(), file, input);
    Network network = file.network();
    List<Integer> outputs = FileTensors.outputs(network);
    try (Executor executor = Executor.of(network, registers, threads.count());
        TensorFiles files = new TensorFiles(out, network, read.images(), allTensors)) {
      if (allTensors || outputs.size() > 1) {
        executor.run(read.source(), read.options().withTensors(files));
      } else {
        Execution execution = executor.run(read.source(), read.options());
        files.take(network.tensors() - 1, 0, execution.outputs());
      }
      for (Path written : files.publish()) {
        commands.terminal().out().println(written);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return ExitCode.DONE;
  }

  private void checked(Network network, LayerRegisters registers) {
    EvaluateCommand.checked(network, registers);
    registers.leftOut(network).ifPresent(commands.terminal()::note);
  }

  private static <T> T needed(Optional<T> given, String option) {
    return given.orElseThrow(() -> new BadInputException(option + ": is needed"));
  }

  /** A text, printed and where asked written. */
  private Integer text(LayerRegisters registers) throws IOException {
    data.refuseBesideTokens();
    DataOptions.refuse(data.limit(), "--limit", "has no effect on sampling, see --tokens");
    language.refuseContext("has no effect on sampling, see --tokens");
    if (allTensors) {
      throw new BadInputException("--all-tensors: has no effect on a language model");
    }
    LanguageModel opened = LanguageFiles.model(model);
    TextTokenizer tokenizer = language.tokenizer(model, opened);
    EvaluateCommand.checked(opened.sums(), registers);
    String text;
    try (ScanProgress progress = new ScanProgress(commands.terminal(), "sampling")) {
      text = samples.sample(opened, tokenizer, registers, threads.count(), progress);
    }
    commands.terminal().out().println(text);
    if (folder.isPresent()) {
      Files.createDirectories(folder.get());
      AtomicFile.write(folder.get().resolve("text.txt"), text);
    }
    return ExitCode.DONE;
  }

  /** Every output of every call, one after the other. */
  private Integer program(ModelFile file, LayerRegisters registers, String input, Path out)
      throws IOException {
    NetworkInputs read = data.open(commands.terminal(), file, input);
    ProgramModel program = read.program().orElseThrow();
    checked(program.network(), registers);
    ProgramFiles files = new ProgramFiles();
    int[] words = new int[program.network().inputElements()];
    try (ProgramSession session = new ProgramSession(program, registers)) {
      for (int i = 0; i < read.images(); i++) {
        read.source().read(i, 1, words);
        session.call(words, allTensors ? files::add : (name, value) -> {}).forEach(files::output);
      }
    }
    for (Path written : files.write(out)) {
      commands.terminal().out().println(written);
    }
    return ExitCode.DONE;
  }
}
