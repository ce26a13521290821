package dev.narrows.cli;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.input.RegisterFile;
import dev.narrows.network.AccumulatorContract;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.format.PlainTensors;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.write.OnnxForm;
import dev.narrows.network.onnx.write.OnnxOptions;
import dev.narrows.network.onnx.write.OnnxRewriter;
import dev.narrows.network.onnx.write.OnnxWriter;
import dev.narrows.network.pass.PinRegisters;
import dev.narrows.network.program.ProgramModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code export}: a network as a file that other tools read. */
@Command(
    name = "export",
    description = {
      "Writes the network in a format of other tools.",
      "onnx: a network of real numbers in ONNX's plain operators.",
      "onnx-qdq: ONNX with QuantizeLinear and DequantizeLinear around operators of real numbers.",
      "onnx-qoperator: ONNX with operators on codes (QLinearConv and its kind).",
      "qonnx: computes the same integers under exact sums, requantised by thresholds.",
      "safetensors: integer weights, biases, scales and multipliers by name, without the graph.",
      "c: one file of C99 and its header, bit for bit the same integers, for microcontrollers too.",
      "verilog: a folder with a unit for each layer, its registers as wide as no input overflows.",
      "narrows: Narrows' own file, which holds the registers of --accumulators.",
      "Files of ONNX state for each layer the register that suffices for every input. What an"
          + " operator of ONNX computes otherwise than the network is counted and told."
    })
final class ExportCommand implements Callable<Integer> {
  /** What {@code --to} knows. */
  private enum Target {
    ONNX(OnnxForm.FLOAT, "onnx"),
    QDQ(OnnxForm.QDQ, "qdq.onnx"),
    QOPERATOR(OnnxForm.QOPERATOR, "qoperator.onnx"),
    QONNX(OnnxForm.QONNX, "qonnx.onnx"),
    SAFETENSORS("safetensors", Optional.empty(), "safetensors"),
    C("c", Optional.empty(), "c"),
    VERILOG("verilog", Optional.empty(), "verilog"),
    NARROWS("narrows", Optional.empty(), "narrows");

    private final String word;
    private final Optional<OnnxForm> form;
    private final String ending;

    Target(OnnxForm form, String ending) {
      this(form.toString(), Optional.of(form), ending);
    }

    Target(String word, Optional<OnnxForm> form, String ending) {
      this.word = word;
      this.form = form;
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

  @Mixin private ModelOptions shapes = new ModelOptions();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = "onnx, onnx-qdq, onnx-qoperator, qonnx, safetensors, c, verilog or narrows.")
  private String to = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "The file to write (default: network.qonnx.onnx and the like, beside the network).")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--exact",
      description = {
        "The file computes the network's own integers, by integer arithmetic in place of the usual",
        "operators of onnx-qdq and onnx-qoperator; what has no such form is listed."
      })
  private boolean exact;

  @Option(
      names = "--opset",
      paramLabel = "N",
      description =
          "Version of ONNX's operators, 21 (default) to 26; from 25 on with 2-bit weights.")
  private Optional<Integer> opset = Optional.empty();

  @Option(
      names = "--accumulators",
      paramLabel = "FILE",
      description = {
        "YAML with a register per layer, such as a plan of narrow's: layers are pinned to them.",
        "Only --to narrows and --to c hold them."
      })
  private Optional<Path> registers = Optional.empty();

  @Mixin private CExportOptions c = new CExportOptions();
  @Mixin private VerilogOptions verilog = new VerilogOptions();

  private static final int MOST_NOTES = 20;

  private final Commands commands;

  ExportCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    Target target = Target.of(to);
    Optional<OnnxOptions> options = options(target);
    if (registers.isPresent() && target != Target.NARROWS && target != Target.C) {
      throw new BadInputException(
          "--accumulators: a file of %s cannot hold registers chosen for its layers; --to narrows can"
              .formatted(target.word));
    }
    if (target != Target.C) {
      c.requireNone(target.word);
    }
    if (target != Target.VERILOG) {
      verilog.refuseFor(target.word);
    }
    ModelFile file = shapes.open(model);
    if (target == Target.C) {
      c.write(file, registers, out, commands.terminal())
          .forEach(commands.terminal().out()::println);
      return ExitCode.DONE;
    }
    if (target == Target.NARROWS && file.program().isPresent()) {
      throw new BadInputException("--to: narrows holds no operators of ONNX Runtime");
    }
    Network network = registers.map(plan -> pinned(file, plan)).orElse(file.network());
    Path written = out.orElseGet(() -> file.path().resolveSibling(beside(file, target)));
    if (target == Target.VERILOG) {
      return verilog.write(commands.terminal(), file, network, written);
    }
    Path folder = written.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    if (Files.exists(written) && Files.isSameFile(written, file.path())) {
      throw new BadInputException("--out: " + written + " is the network itself");
    }
    List<String> notes = List.of();
    if (file.program().isPresent() && target != Target.SAFETENSORS) {
      rewrite(file.program().get(), network, target, written);
    } else if (options.isPresent()) {
      notes = OnnxWriter.write(network, options.get(), written);
    } else if (target == Target.NARROWS) {
      NarrowsWriter.write(network, written);
    } else {
      PlainTensors.write(network, written);
    }
    commands.terminal().out().println(written);
    tell(notes);
    file.run()
        .filter(_ -> options.isPresent())
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

  private static Network pinned(ModelFile file, Path plan) {
    RegisterFile read = RegisterFile.read(plan);
    read.requireFor(file.id().sha256());
    LayerRegisters registers = new LayerRegisters(Summation.exact(), read.rules());
    EvaluateCommand.checked(file.network(), registers);
    try {
      return PinRegisters.of(file.network(), registers);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--accumulators: " + e.getMessage(), e);
    }
  }

  /** A file with hosted operators stays as it is, but for the registers that it states. */
  private void rewrite(ProgramModel program, Network sums, Target target, Path written)
      throws IOException {
    if (target != Target.ONNX || opset.isPresent()) {
      throw new BadInputException(
          "--to: a file with hosted operators is written again as it is, with the registers of its"
              + " sums: --to onnx, without --opset");
    }
    OnnxModel read = program.program().model();
    Map<String, AccumulatorContract> contracts = OnnxRewriter.contracts(read, sums);
    OnnxRewriter.write(read, contracts, written);
    commands
        .terminal()
        .note(
            "written again unchanged, with the registers of %d nodes".formatted(contracts.size()));
  }

  private Optional<OnnxOptions> options(Target target) {
    boolean quantized = target == Target.QDQ || target == Target.QOPERATOR;
    if (exact && !quantized) {
      throw new BadInputException("--exact: has no effect on " + target.word);
    }
    if (opset.isPresent() && !quantized && target != Target.ONNX) {
      throw new BadInputException("--opset: has no effect on " + target.word);
    }
    int version = opset.orElse(OnnxOptions.LEAST_OPSET);
    if (version < OnnxOptions.LEAST_OPSET || version > OnnxOptions.MOST_OPSET) {
      throw new BadInputException(
          "--opset: must be in [%d, %d], got %d"
              .formatted(OnnxOptions.LEAST_OPSET, OnnxOptions.MOST_OPSET, version));
    }
    return target.form.map(form -> new OnnxOptions(form, exact, version));
  }

  private void tell(List<String> notes) {
    notes.stream().limit(MOST_NOTES).forEach(commands.terminal()::note);
    if (notes.size() > MOST_NOTES) {
      commands.terminal().note("… and %d layers more".formatted(notes.size() - MOST_NOTES));
    }
    if (!notes.isEmpty()) {
      commands.terminal().note("--exact writes the network's own integers");
    }
  }

  private static String beside(ModelFile file, Target target) {
    String name = String.valueOf(file.path().getFileName());
    int dot = name.lastIndexOf('.');
    return (dot > 0 ? name.substring(0, dot) : name) + "." + target.ending;
  }
}
