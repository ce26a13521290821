package dev.narrows.cli;

import dev.narrows.core.bound.Guarantee;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.analyze.Certification;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.repair.AccuracyAfterRepair;
import dev.narrows.experiments.repair.Repair;
import dev.narrows.experiments.repair.RepairOutput;
import dev.narrows.experiments.targets.TargetText;
import dev.narrows.network.FileConstants;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.targets.PairInstruction;
import dev.narrows.network.targets.Target;
import dev.narrows.repair.channel.Levers;
import dev.narrows.repair.network.NarrowInputs;
import dev.narrows.repair.network.RepairRequest;
import dev.narrows.report.CertificateResult;
import dev.narrows.report.RepairResult;
import dev.narrows.report.RepairResult.RepairAccuracy;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code repair}: a guarantee without training. */
@Command(
    name = "repair",
    description = {
      "Makes a network of integers safe in narrow registers without training: its weights become",
      "smaller integers at larger scales, chosen so that no input can overflow a register and sums",
      "change least on the calibration inputs. Labels are not looked at.",
      "Exit 3 if the guarantee would leave channels without weights."
    })
final class RepairCommand implements Callable<Integer> {
  /** Images to calibrate on unless --limit says otherwise. */
  private static final int IMAGES = 512;

  private static final Set<String> LEVERS =
      new TreeSet<>(Set.of("growth", "threshold", "feedback", "search", "bias", "target"));

  @Parameters(index = "0", paramLabel = "MODEL", description = "A network file or a run folder.")
  private Path model = Path.of("");

  @Mixin private ModelOptions shapes = new ModelOptions();

  @Option(
      names = "--bits",
      paramLabel = "P",
      description = "Register width of every layer that --accumulators does not name.")
  private Optional<Integer> bits = Optional.empty();

  @Mixin private AccumulatorOptions accumulators = new AccumulatorOptions();
  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--pairs",
      paramLabel = "INSTRUCTION",
      description =
          "Instead: no pair of products may leave the 16 bits of vpmaddubsw (or smlal, …).")
  private Optional<String> pairs = Optional.empty();

  @Option(
      names = "--guarantee",
      paramLabel = "WHAT",
      description = "sums (default): nothing overflows. terms: every product fits.")
  private Guarantee guarantee = Guarantee.SUMS;

  @Option(
      names = "--exclude",
      paramLabel = "LAYERS",
      split = ",",
      description = "Layers that stay as they are: names, globs, first, last.")
  private List<String> exclude = List.of();

  @Option(
      names = "--activations",
      paramLabel = "keep|narrow",
      description = {
        "keep (default): what layers multiply stays. narrow: a layer's inputs are rounded to fewer",
        "bits before it where that errs less; other readers of the tensor keep all."
      })
  private String activations = "keep";

  @Option(
      names = "--activation-bits",
      paramLabel = "A",
      description = "With --activations narrow: the same, 2 to 8, for every layer.")
  private Optional<Integer> activationBits = Optional.empty();

  @Option(
      names = "--without",
      paramLabel = "LEVERS",
      split = ",",
      description = {
        "Levers that are not used: growth, threshold, feedback (and search), search, bias,",
        "target."
      })
  private List<String> without = List.of();

  @Option(
      names = "--allow-zero",
      description = "A channel may lose all its weights if nothing else is safe.")
  private boolean allowZero;

  @Option(
      names = "--test",
      paramLabel = "SET",
      description = "Labelled inputs to compare accuracy on, before and after.")
  private Optional<String> test = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = {
        "The repaired network: of the model's own kind, with nothing changed but constants, or a",
        ".narrows. FILE.certificate.json and FILE.repair.json are written beside it."
      })
  private Optional<Path> out = Optional.empty();

  @Mixin private ThreadOptions threads = new ThreadOptions();
  @Mixin private FormatOptions formats = new FormatOptions();

  private final Commands commands;

  RepairCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    LayerRegisters registers = registers();
    RepairRequest request = request(registers);
    ModelFile file = shapes.open(model);
    Optional<RepairOutput> target = Optional.empty();
    if (out.isPresent()) {
      target = Optional.of(RepairOutput.of(file, shapes.read(), out.get()));
    }
    Optional<FileConstants> held = target.flatMap(RepairOutput::constants);
    String set =
        data.text()
            .or(() -> file.run().map(run -> run.recipe().data().set() + "/train"))
            .orElseThrow(
                () -> new BadInputException("--data: a repair needs inputs; no labels are needed"));
    NetworkInputs inputs = data.openFirst(commands.terminal(), file, set, IMAGES);
    Optional<NetworkInputs> tested = Optional.empty();
    if (test.isPresent()) {
      tested = Optional.of(data.openWhole(commands.terminal(), file, test.get()));
    }
    Repair repair;
    try (ScanProgress progress = new ScanProgress(commands.terminal(), "repairing")) {
      repair = Repair.of(file, held, inputs, request, threads.count(), progress::progress);
    }
    Optional<RepairAccuracy> accuracy = Optional.empty();
    if (tested.isPresent()) {
      try (ScanProgress progress = new ScanProgress(commands.terminal())) {
        accuracy =
            Optional.of(
                AccuracyAfterRepair.of(
                    file.network(),
                    repair.network(),
                    tested.get(),
                    registers,
                    threads.count(),
                    progress));
      }
    }
    return tell(file, inputs, accuracy, registers, repair, target);
  }

  private Integer tell(
      ModelFile file,
      NetworkInputs inputs,
      Optional<RepairAccuracy> accuracy,
      LayerRegisters registers,
      Repair repair,
      Optional<RepairOutput> target)
      throws IOException {
    repair.notes().forEach(commands.terminal()::note);
    RepairResult result =
        new RepairResult(
            file.id(),
            Optional.empty(),
            words(registers),
            guarantee.toString(),
            repair.holds(),
            inputs.name(),
            repair.images(),
            repair.layers(),
            accuracy,
            repair.notes());
    if (target.isPresent()) {
      result = result.writtenAs(target.get().write(repair));
      write(target.get(), result);
    }
    formats.print(commands.terminal(), result);
    next(result);
    return repair.holds() ? ExitCode.DONE : ExitCode.NOT_GUARANTEED;
  }

  private void write(RepairOutput target, RepairResult result) throws IOException {
    AtomicFile.write(target.beside("repair.json"), ResultJson.write(result));
    ModelFile written = ModelFile.open(target.path(), shapes.read());
    CertificateResult certificate =
        pairs.isPresent()
            ? Certification.of(written, TargetText.parse(pairs.get()), false, true)
            : Certification.of(written, widest(result), false, guarantee);
    List<String> repaired =
        result.layers().stream()
            .filter(layer -> layer.left().isEmpty())
            .map(RepairResult.LayerRepairs::name)
            .toList();
    AtomicFile.write(
        target.beside("certificate.json"), ResultJson.write(certificate.ofLayers(repaired)));
  }

  private void next(RepairResult result) {
    result
        .repaired()
        .ifPresentOrElse(
            written ->
                commands
                    .terminal()
                    .note(
                        "next: narrows verify %s %s.certificate.json"
                            .formatted(written.file(), written.file())),
            () -> commands.terminal().note("nothing was written; --out FILE keeps the network"));
  }

  /** Bits that hold every repaired layer: those asked for, or what a plan's widest needs. */
  private int widest(RepairResult result) {
    return result.layers().stream()
        .filter(layer -> layer.left().isEmpty())
        .flatMap(layer -> layer.needs().stream())
        .reduce(bits.orElse(2), Math::max);
  }

  private String words(LayerRegisters registers) {
    return pairs
        .map(name -> "pairs of " + name)
        .orElseGet(() ->
            registers.rules().isEmpty()
                ? bits.map(p -> p + "-bit registers").orElseGet(() -> registers.base().toString())
                : "the registers of the plan");
  }

  private LayerRegisters registers() {
    if (pairs.isPresent()) {
      if (bits.isPresent() || accumulators.given()) {
        throw new BadInputException("--pairs: names the registers itself; leave --bits out");
      }
      return LayerRegisters.of(Target.wide());
    }
    if (bits.isPresent() && (bits.get() < 2 || bits.get() > 62)) {
      throw new BadInputException("--bits: must be in [2, 62], got " + bits.get());
    }
    if (bits.isEmpty() && !accumulators.given()) {
      throw new BadInputException(
          "--bits: how wide are the registers? Or name them per layer by --accumulators");
    }
    return accumulators.over(commands.terminal(), bits);
  }

  private RepairRequest request(LayerRegisters registers) {
    for (String lever : without) {
      if (!LEVERS.contains(lever)) {
        throw new BadInputException(
            "--without: expected %s, found \"%s\"".formatted(String.join(", ", LEVERS), lever));
      }
    }
    Levers levers =
        new Levers(
            !without.contains("growth"),
            !without.contains("threshold"),
            !without.contains("feedback"),
            !without.contains("feedback") && !without.contains("search"),
            !without.contains("bias"));
    return new RepairRequest(
        registers,
        guarantee,
        pairs.map(RepairCommand::instruction),
        exclude,
        levers,
        !without.contains("target"),
        inputs(),
        true,
        allowZero,
        RepairRequest.COLUMNS);
  }

  private static PairInstruction instruction(String name) {
    return PairInstruction.named(name)
        .orElseThrow(() ->
            new BadInputException("--pairs: expected vpmaddubsw or smlal, found \"" + name + "\""));
  }

  private NarrowInputs inputs() {
    boolean narrow = activations.equals("narrow");
    if (!narrow && !activations.equals("keep")) {
      throw new BadInputException(
          "--activations: expected keep or narrow, found \"" + activations + "\"");
    }
    if (activationBits.isPresent()) {
      int asked = activationBits.get();
      if (!narrow) {
        throw new BadInputException("--activation-bits: needs --activations narrow");
      }
      if (asked < 2 || asked > 8) {
        throw new BadInputException("--activation-bits: must be in [2, 8], got " + asked);
      }
      return NarrowInputs.to(asked);
    }
    if (narrow && pairs.isPresent()) {
      throw new BadInputException("--activations: pairs multiply bytes; expected keep");
    }
    return narrow ? new NarrowInputs(true, OptionalInt.empty()) : NarrowInputs.keep();
  }
}
