package dev.narrows.cli;

import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.format.PlainTensors;
import dev.narrows.network.onnx.write.QonnxWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code export}: a network as a file that other tools read. */
@Command(
    name = "export",
    description = {
      "Writes the network in a format of other tools.",
      "qonnx: computes the same integers under exact sums; sums are annotated with the width that"
          + " suffices for every input.",
      "safetensors: integer weights, biases, scales and multipliers by name, without the graph."
    })
final class ExportCommand implements Callable<Integer> {
  /** What {@code --to} knows. */
  private enum Target {
    QONNX("qonnx", "qonnx.onnx"),
    SAFETENSORS("safetensors", "safetensors");

    private final String word;
    private final String ending;

    Target(String word, String ending) {
      this.word = word;
      this.ending = ending;
    }

    static Target of(String text) {
      return Arrays.stream(values())
          .filter(target -> target.word.equals(text))
          .findFirst()
          .orElseThrow(() ->
              new BadInputException(
                  "--to: unknown format \"%s\", expected one of %s"
                      .formatted(
                          text,
                          Arrays.stream(values())
                              .map(target -> target.word)
                              .collect(Collectors.joining(", ")))));
    }
  }

  @Parameters(index = "0", paramLabel = "MODEL", description = "A network file or a run folder.")
  private Path model = Path.of("");

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = "qonnx or safetensors.")
  private String to = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "The file to write (default: network.qonnx.onnx or network.safetensors beside the network).")
  private Optional<Path> out = Optional.empty();

  private final Commands commands;

  ExportCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    Target target = Target.of(to);
    ModelFile file = ModelFile.open(model);
    Network network = file.network();
    Path written = out.orElseGet(() -> file.path().resolveSibling(beside(file, target)));
    Path folder = written.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    if (Files.exists(written) && Files.isSameFile(written, file.path())) {
      throw new BadInputException("--out: " + written + " is the network itself");
    }
    switch (target) {
      case QONNX -> QonnxWriter.write(network, written);
      case SAFETENSORS -> PlainTensors.write(network, written);
    }
    commands.terminal().out().println(written);
    file.run()
        .filter(_ -> target == Target.QONNX)
        .flatMap(run -> run.recipe().phases().register())
        .ifPresent(register ->
            commands
                .terminal()
                .note(
                    "this network was trained for registers of "
                        + register.accumulator()
                        + ", which the file cannot say: it has exact sums, and other results"));
    return ExitCode.DONE;
  }

  private static String beside(ModelFile file, Target target) {
    String name = String.valueOf(file.path().getFileName());
    int dot = name.lastIndexOf('.');
    return (dot > 0 ? name.substring(0, dot) : name) + "." + target.ending;
  }
}
