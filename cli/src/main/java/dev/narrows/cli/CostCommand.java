package dev.narrows.cli;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.FloatingFormat;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.input.RegisterFile;
import dev.narrows.hardware.cost.FinnUnit;
import dev.narrows.hardware.cost.FloatUnitGates;
import dev.narrows.hardware.cost.FusedUnitGates;
import dev.narrows.hardware.cost.LayerUnit;
import dev.narrows.hardware.cost.MemoryLevel;
import dev.narrows.hardware.cost.PartialSums;
import dev.narrows.hardware.tools.HardwareTool;
import dev.narrows.hardware.verilog.FloatUnit;
import dev.narrows.hardware.verilog.FusedUnit;
import dev.narrows.hardware.verilog.Synthesis;
import dev.narrows.hardware.verilog.UnitSynthesis;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.report.CostResult;
import dev.narrows.report.CostResult.CostLayer;
import dev.narrows.report.CostResult.FloatUnitCost;
import dev.narrows.report.CostResult.MeasuredUnit;
import dev.narrows.report.CostResult.RegisterCost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cost}: what narrow registers save in hardware, beside registers of 32 bits. */
@Command(
    name = "cost",
    description = {
      "LUTs and block memories of each layer as a matrix-vector unit (FINN's formula, the register",
      "not cut to the data-type bound), bytes of partial sums moved for an image, and energy by a",
      "published table, at the widths asked for and at 32 bits."
    })
final class CostCommand implements Callable<Integer> {
  private static final Wrapping WIDE = new Wrapping(32);
  private static final int DEPTH = 64;

  /** Registers of matrix hardware whose units are priced. */
  private static final List<String> GROUPS = List.of("ada-fp8", "hopper-fp8", "blackwell-fp8");

  @Parameters(index = "0", paramLabel = "MODEL", description = "A network file or a run folder.")
  private Path model = Path.of("");

  @Mixin private ModelOptions shapes = new ModelOptions();

  @Option(
      names = "--bits",
      arity = "1..*",
      split = ",",
      paramLabel = "P",
      description = "Register widths of all layers, such as 12,16 (default: 16).")
  private List<Integer> bits = List.of();

  @Option(
      names = "--accumulators",
      paramLabel = "FILE",
      description =
          "YAML with a register per layer, such as a plan of narrow's, instead of --bits.")
  private Optional<Path> plan = Optional.empty();

  @Option(
      names = "--pe",
      paramLabel = "N",
      description = {
        "Channels computed at once, or the largest divisor of a layer's channels below it",
        "(default: ${DEFAULT-VALUE})."
      })
  private int pe = 1;

  @Option(
      names = "--simd",
      paramLabel = "N",
      description = "Terms taken at once, likewise (default: ${DEFAULT-VALUE}).")
  private int simd = 4;

  @Option(
      names = "--tile",
      paramLabel = "T",
      description = {
        "Terms that are summed before partial sums are put away",
        "(default: ${DEFAULT-VALUE})."
      })
  private int tile = 64;

  @Option(
      names = "--memory",
      paramLabel = "LEVEL",
      description = "Where partial sums go: sram8k, sram32k (default), sram1m or dram.")
  private MemoryLevel memory = MemoryLevel.SRAM32K;

  @Option(
      names = "--float-units",
      description = "Gates of floating-point multiply-adds, too, by an analytic model.")
  private boolean floatUnits;

  @Option(
      names = "--synthesize",
      description = {
        "Measured by yosys beside the formula: each kind of unit once, one channel at a time. Units",
        "of more than 15 thresholds are extended in a straight line from 7 and 15. Minutes."
      })
  private boolean synthesize;

  @Option(
      names = "--synthesis-limit",
      paramLabel = "SECONDS",
      description =
          "Ends a run of yosys after so long and leaves its unit out, said (default: ${DEFAULT-VALUE}).")
  private int synthesisLimit = 600;

  /** What yosys did not finish. */
  private final List<String> leftOut = new ArrayList<>();

  @Mixin private OutputOptions output = new OutputOptions();

  private final Commands commands;

  CostCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    requireSizes();
    if (synthesize) {
      HardwareTool.YOSYS.require(); // before any work is done
    }
    ModelFile file = shapes.open(model);
    Network network = file.network();
    InputRanges ranges = InputRanges.of(network);
    List<LayerRegister> registers = registers(file);
    List<CostLayer> layers = new ArrayList<>();
    for (LayerRegister register : registers) {
      if (network.layer(register.layer()) instanceof DotLayer dot && !dot.isFloat()) {
        layers.add(layer(LayerUnit.of(network, ranges, dot, register, pe, simd), register));
      }
    }
    if (layers.isEmpty()) {
      throw new BadInputException(
          file.path() + ": no layer of integer dot products, so nothing to build");
    }
    CostResult result =
        new CostResult(
            file.id(),
            memory.name().toLowerCase(Locale.ROOT),
            tile,
            layers,
            List.of(),
            floatUnits ? Optional.of(floatUnits()) : Optional.empty(),
            synthesize ? Optional.of(measured(layers)) : Optional.empty());
    output.tell(commands, withSentences(result), "cost");
    return ExitCode.DONE;
  }

  private void requireSizes() {
    if (plan.isPresent() && !bits.isEmpty()) {
      throw new BadInputException("--accumulators: not beside --bits");
    }
    Map.of("--pe", pe, "--simd", simd, "--tile", tile, "--synthesis-limit", synthesisLimit)
        .forEach((name, value) -> {
          if (value < 1) {
            throw new BadInputException(name + ": must be at least 1, got " + value);
          }
        });
    for (int width : bits) {
      if (width < 2 || width > Accumulator.MAX_BITS) {
        throw new BadInputException(
            "--bits: must be in [2, %d], got %d".formatted(Accumulator.MAX_BITS, width));
      }
    }
  }

  private List<LayerRegister> registers(ModelFile file) {
    if (plan.isEmpty()) {
      return LayerRegisters.exact().of(file.network());
    }
    RegisterFile read = RegisterFile.read(plan.get());
    read.requireFor(file.id().sha256());
    LayerRegisters registers = new LayerRegisters(Summation.exact(), read.rules());
    EvaluateCommand.checked(file.network(), registers);
    return registers.of(file.network());
  }

  /** The registers that a layer is priced in, 32 bits first. */
  private List<Accumulator> priced(LayerRegister own) {
    List<Accumulator> all = new ArrayList<>(List.of(WIDE));
    if (plan.isPresent()) {
      all.add(own.accumulator() instanceof Exact ? WIDE : own.accumulator());
    } else if (bits.isEmpty()) {
      all.add(new Wrapping(16));
    } else {
      bits.forEach(width -> all.add(new Wrapping(width)));
    }
    return all;
  }

  private CostLayer layer(LayerUnit of, LayerRegister register) {
    PartialSums sums = new PartialSums(of.outputs(), of.unit().columns(), tile);
    return new CostLayer(
        of.layer().name(),
        of.layer().kind(),
        of.unit().rows(),
        of.unit().columns(),
        of.positions(),
        of.unit().pe(),
        of.unit().simd(),
        of.unit().cycles() * of.positions(),
        of.unit().weightBits(),
        of.unit().inputBits(),
        of.unit().outputBits(),
        of.unit().bram18(),
        priced(register).stream().map(one -> cost(of, sums, one)).toList());
  }

  private RegisterCost cost(LayerUnit of, PartialSums sums, Accumulator register) {
    boolean plain = plan.isEmpty() || register.equals(WIDE);
    int width = register.bits();
    int moved = register.resultBits(); // a spilling register is emptied first
    return new RegisterCost(
        plain ? "int" + width : register.toString(),
        width,
        of.unit().luts(register),
        sums.bytes(moved),
        memory.picojoules(sums.bits(moved)) / 1000,
        of.multiplications() * MemoryLevel.addition(width) / 1000,
        register instanceof Spilling spilling
            ? Optional.of(1 - (double) width / spilling.wideBits())
            : Optional.empty());
  }

  private CostResult withSentences(CostResult result) {
    List<String> sentences = new ArrayList<>();
    int choices = result.layers().getFirst().registers().size();
    for (int i = 1; i < choices; i++) {
      int choice = i;
      List<String> names =
          result.layers().stream()
              .map(layer -> layer.registers().get(choice).register())
              .distinct()
              .toList();
      double times = result.luts(0) / result.luts(i);
      sentences.add(
          "%s instead of 32: %.2f times %s LUTs (formula)"
              .formatted(
                  names.size() > 1
                      ? "registers of their own"
                      : names.getFirst().matches("int\\d+")
                          ? names.getFirst().substring(3) + "-bit registers"
                          : names.getFirst(),
                  times >= 1 ? times : 1 / times,
                  times >= 1 ? "fewer" : "more"));
    }
    sentences.addAll(leftOut);
    return new CostResult(
        result.network(),
        result.memory(),
        result.tile(),
        result.layers(),
        sentences,
        result.floats(),
        result.measured());
  }

  /** One unit of each kind that occurs: a channel at once, {@value #DEPTH} of them in turn. */
  private List<MeasuredUnit> measured(List<CostLayer> layers) {
    List<MeasuredUnit> units = new ArrayList<>();
    UnitSynthesis synthesis = new UnitSynthesis(DEPTH, Duration.ofSeconds(synthesisLimit));
    Set<UnitSynthesis.SynthesisUnit> done = new HashSet<>();
    for (CostLayer layer : layers) {
      FinnUnit like =
          new FinnUnit(
              DEPTH,
              layer.simd() * DEPTH,
              1,
              layer.simd(),
              layer.weightBits(),
              layer.inputBits(),
              layer.outputBits());
      for (RegisterCost register : layer.registers()) {
        UnitSynthesis.SynthesisUnit unit =
            new UnitSynthesis.SynthesisUnit(
                layer.weightBits(),
                layer.inputBits(),
                layer.simd(),
                register.bits(),
                like.thresholds());
        if (done.add(unit)) {
          measured(synthesis, unit, like.variableLuts(register.bits())).ifPresent(units::add);
        }
      }
    }
    if (floatUnits) {
      FloatingFormat operands = new FloatingFormat(4, 3, 4);
      for (String text : List.of("m23e8(127)", "m10e5(15)", "m7e8(127)", "m7e4(12)/m7e4(10)")) {
        if (Summation.parse(text).accumulator() instanceof FloatingAccumulator register) {
          commands.terminal().note("synthesising a multiply-add in " + register.formats());
          Synthesis found = Synthesis.of(new FloatUnit(operands, register).module("unit"), "unit");
          units.add(
              new MeasuredUnit(
                  "multiply-add of m4e3",
                  register.formats(),
                  found.luts(),
                  found.transistors(),
                  Optional.empty()));
        }
      }
      for (String name : GROUPS) {
        if (Summation.parse(name).accumulator() instanceof FusedAccumulator register) {
          commands.terminal().note("synthesising a group of products in " + name);
          Synthesis found = Synthesis.of(new FusedUnit(register).module("unit"), "unit");
          units.add(
              new MeasuredUnit(
                  "%d products of %s".formatted(register.group(), register.operands()),
                  name,
                  found.luts(),
                  found.transistors(),
                  Optional.empty()));
        }
      }
    }
    return units;
  }

  private Optional<MeasuredUnit> measured(
      UnitSynthesis synthesis, UnitSynthesis.SynthesisUnit unit, double formula) {
    String kind =
        "%d×%d bits, SIMD %d, %d thresholds%s"
            .formatted(
                unit.weightBits(),
                unit.inputBits(),
                unit.simd(),
                unit.thresholds(),
                unit.extended() ? " (extended)" : "");
    String register = "int" + unit.bits();
    commands.terminal().note("synthesising " + kind + " in " + register);
    Optional<Synthesis> found = synthesis.of(unit);
    if (found.isEmpty()) {
      leftOut.add(
          "left out: %s in %s took yosys more than %d s".formatted(kind, register, synthesisLimit));
    }
    return found.map(made ->
        new MeasuredUnit(kind, register, made.luts(), made.transistors(), Optional.of(formula)));
  }

  private static List<FloatUnitCost> floatUnits() {
    List<FloatUnitCost> units = new ArrayList<>();
    int fp32 = FloatUnitGates.of(23, 8).gates();
    units.add(new FloatUnitCost("fp32", 32, fp32, 100));
    FloatingAccumulator.named()
        .forEach((name, register) -> {
          if (name.equals("fp32")) {
            return; // first of all
          }
          int gates = FloatUnitGates.of(register.sum()).gates();
          units.add(new FloatUnitCost(name, register.bits(), gates, 100.0 * gates / fp32));
        });
    for (String name : GROUPS) {
      if (Summation.parse(name).accumulator() instanceof FusedAccumulator register) {
        int gates = FusedUnitGates.of(register).gatesPerProduct();
        units.add(
            new FloatUnitCost(
                name + ", each of " + register.group() + " products",
                register.bits(),
                gates,
                100.0 * gates / fp32));
      }
    }
    return units;
  }
}
