package dev.narrows.cli;

import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.program.ProgramModel;
import dev.narrows.network.program.ProgramSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
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
      "names.csv then lists them in full."
    })
final class RunCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL", description = "A network file or a run folder.")
  private Path model = Path.of("");

  @Mixin private ModelOptions shapes = new ModelOptions();

  @Option(
      names = "--input",
      required = true,
      paramLabel = "X",
      description =
          "An .npy or .npz (x, or an array an input), a folder of images, or a known set.")
  private String input = "";

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where files go.")
  private Path out = Path.of("");

  @Option(names = "--all-tensors", description = "Write every intermediate tensor too.")
  private boolean allTensors;

  @Mixin private AccumulatorOptions accumulators = new AccumulatorOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private ThreadOptions threads = new ThreadOptions();

  private final Commands commands;

  RunCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    data.refuseData("run takes its inputs by --input");
    LayerRegisters registers = accumulators.single(commands.terminal());
    ModelFile file = shapes.open(model);
    accumulators.requireFor(file);
    FileTensors.note(file.network()).ifPresent(commands.terminal()::note);
    if (file.program().isPresent()) {
      return program(file, registers);
    }
    checked(file.network(), registers);
    NetworkInputs inputs = data.open(commands.terminal(), file, input);
    Network network = file.network();
    List<Integer> outputs = FileTensors.outputs(network);
    try (Executor executor = Executor.of(network, registers, threads.count());
        TensorFiles files = new TensorFiles(out, network, inputs.images(), allTensors)) {
      if (allTensors || outputs.size() > 1) {
        executor.run(inputs.source(), inputs.options().withTensors(files));
      } else {
        Execution execution = executor.run(inputs.source(), inputs.options());
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

  /** Every output of every call, one after the other. */
  private Integer program(ModelFile file, LayerRegisters registers) throws IOException {
    NetworkInputs inputs = data.open(commands.terminal(), file, input);
    ProgramModel program = inputs.program().orElseThrow();
    checked(program.network(), registers);
    ProgramFiles files = new ProgramFiles();
    int[] words = new int[program.network().inputElements()];
    try (ProgramSession session = new ProgramSession(program, registers)) {
      for (int i = 0; i < inputs.images(); i++) {
        inputs.source().read(i, 1, words);
        session.call(words, allTensors ? files::add : (name, value) -> {}).forEach(files::output);
      }
    }
    for (Path written : files.write(out)) {
      commands.terminal().out().println(written);
    }
    return ExitCode.DONE;
  }
}
