package dev.narrows.experiments.recipe;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.input.RegisterFile;
import dev.narrows.experiments.input.YamlMap;
import dev.narrows.experiments.input.YamlValue;
import dev.narrows.network.execute.LayerRegisters;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The phases of a recipe: what may be written, and what does not go together. */
final class PhasesReader {
  private static final List<String> INTEGER_REGISTER_KEYS = List.of("steps");
  private static final List<String> FLOAT_REGISTER_KEYS =
      List.of("gradient", "epsilon", "withoutUnderflow");

  private PhasesReader() {}

  static Phases phases(YamlMap map) {
    map.only("float", "prune", "quantize", "register");
    return new Phases(
        map.unless("float", "none").map(v -> phase(v, 0.1)),
        map.unless("prune", "none").map(v -> phase(v, 0.02)),
        map.unless("quantize", "none").map(v -> phase(v, 0.01)),
        map.unless("register", "none").map(PhasesReader::register));
  }

  private static final List<String> PHASE_KEYS =
      List.of(
          "epochs",
          "optimizer",
          "rate",
          "schedule",
          "weightDecay",
          "momentum",
          "precision",
          "batchNorm",
          "distill");

  private static Phase phase(YamlValue value, double rate) {
    return phase(value.map().only(PHASE_KEYS.toArray(String[]::new)), rate);
  }

  private static Phase phase(YamlMap map, double rate) {
    Phase.Optimizer optimizer =
        map.get("optimizer").map(v -> v.choice(Phase.Optimizer.class)).orElse(Phase.Optimizer.SGD);
    Phase usual =
        Phase.of(
            (int) map.require("epochs").integer(1, 100_000),
            optimizer,
            map.unless("rate", "auto")
                .map(v -> v.number(1e-12, 1e3))
                .orElse(optimizer == Phase.Optimizer.SGD ? rate : 1e-3));
    return new Phase(
        usual.epochs(),
        optimizer,
        usual.rate(),
        map.get("schedule").map(v -> v.parsed(Schedule::parse)).orElse(usual.schedule()),
        map.unless("weightDecay", "auto").map(v -> v.number(0, 1)).orElse(usual.weightDecay()),
        map.unless("momentum", "auto").map(v -> v.number(0, 0.999999)).orElse(usual.momentum()),
        map.unless("precision", "auto")
            .map(v -> v.choice(Precision.class))
            .orElse(usual.precision()),
        map.unless("batchNorm", "auto")
            .map(v -> v.choice(BatchNormSteps.class))
            .orElse(usual.batchNorm()),
        map.unless("distill", "none").map(PhasesReader::distillation));
  }

  private static Distillation distillation(YamlValue value) {
    YamlMap map = value.map().only("temperature", "weight");
    return new Distillation(
        map.require("temperature").number(0.01, 100), map.require("weight").number(0, 1));
  }

  private static RegisterPhase register(YamlValue value) {
    YamlMap map =
        value
            .map()
            .only(
                Stream.of(
                        List.of("accumulator", "layers"),
                        INTEGER_REGISTER_KEYS,
                        FLOAT_REGISTER_KEYS,
                        PHASE_KEYS)
                    .flatMap(List::stream)
                    .toArray(String[]::new));
    YamlValue text = map.require("accumulator");
    Summation accumulator = text.parsed(Summation::parse);
    if (accumulator.accumulator() instanceof Exact) {
      throw text.place().error("an exact register needs no fine-tuning; expected int<P>:…");
    }
    int bits = accumulator.accumulator().bits();
    boolean floating = accumulator.accumulator() instanceof FloatAccumulator;
    for (String key : floating ? INTEGER_REGISTER_KEYS : FLOAT_REGISTER_KEYS) {
      map.get(key)
          .ifPresent(found -> {
            throw found.place().error("does not belong to the register " + accumulator);
          });
    }
    LayerRegisters registers =
        new LayerRegisters(
            accumulator,
            map.unless("layers", "none").map(v -> registerRules(v, floating)).orElse(List.of()));
    Optional<FloatTraining> floats =
        floating ? Optional.of(FloatReader.training(map, v -> phase(v, 0.01))) : Optional.empty();
    RegisterPhase phase = new RegisterPhase(phase(map, 0.01), registers, steps(map, bits), floats);
    requireWidths(map, phase);
    return phase;
  }

  /** A layer's own register is wider by as much as the base is, and may so grow too wide. */
  private static void requireWidths(YamlMap map, RegisterPhase phase) {
    for (int bits : phase.steps()) {
      try {
        phase.at(bits);
      } catch (IllegalArgumentException e) {
        throw map.require("steps")
            .place()
            .error(
                "a register under \"layers\" at the step of %d: %s"
                    .formatted(bits, e.getMessage()));
      }
    }
  }

  private static List<Integer> steps(YamlMap map, int bits) {
    List<Integer> steps =
        map.unless("steps", "auto")
            .map(v -> v.items(item -> (int) item.integer(2, 62)))
            .orElse(List.of(bits));
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i) >= steps.get(i - 1)) {
        throw map.require("steps").place().error("widths must fall, got " + steps);
      }
    }
    if (steps.isEmpty() || steps.getLast() != bits) {
      throw map.require("steps")
          .place()
          .error("must end at " + bits + ", the width of the accumulator, got " + steps);
    }
    return steps;
  }

  /** Registers by layer, or the name of a file of them, such as a plan. */
  private static List<LayerRegisters.Rule> registerRules(YamlValue value, boolean floating) {
    if (value instanceof YamlValue.Scalar) {
      Path file = Path.of(value.text());
      List<LayerRegisters.Rule> rules = RegisterFile.read(file).rules();
      rules.forEach(rule -> RegisterOperands.require(floating, rule.summation(), value));
      return rules;
    }
    YamlMap map = value.map();
    return map.keys().stream()
        .map(glob -> {
          YamlValue text = map.require(glob);
          Summation register = text.parsed(Summation::parse);
          RegisterOperands.require(floating, register, text);
          return new LayerRegisters.Rule(glob, register);
        })
        .toList();
  }

  /** What depends on more than the phases' own keys. */
  static void check(YamlMap recipe, Phases phases, PhaseOrder order, boolean init) {
    requireExactSums(recipe, phases, order);
    requireTeacher(recipe, phases, init);
  }

  private static void requireExactSums(YamlMap map, Phases phases, PhaseOrder order) {
    Map<String, Phase> quantized = quantized(phases);
    if (order == PhaseOrder.QUANTIZE_THEN_PRUNE) {
      phases.prune().ifPresent(phase -> quantized.put("prune", phase));
    }
    quantized.forEach((name, phase) -> {
      if (phase.precision() != Precision.FLOAT32) {
        throw map.find("phases." + name + ".precision")
            .orElseThrow()
            .place()
            .error(
                "this phase makes its sums bit for bit, and bfloat16 would round them;"
                    + " expected float32");
      }
      if (phase.batchNorm() != BatchNormSteps.SEPARATE) {
        throw map.find("phases." + name + ".batchNorm")
            .orElseThrow()
            .place()
            .error(
                "this phase makes its sums bit for bit and normalises them in one step with their"
                    + " rounding; expected separate");
      }
    });
  }

  private static void requireTeacher(YamlMap map, Phases phases, boolean init) {
    for (String name : List.of("float", "prune")) {
      map.find("phases." + name + ".distill")
          .filter(value -> !value.is("none"))
          .ifPresent(value -> {
            throw value.place().error("only the phases quantize and register have a teacher");
          });
    }
    quantized(phases)
        .forEach((name, phase) -> {
          if (phase.distill().isPresent() && !init) {
            throw map.find("phases." + name + ".distill")
                .orElseThrow()
                .place()
                .error("needs \"init\", whose float network is the teacher");
          }
        });
  }

  private static Map<String, Phase> quantized(Phases phases) {
    Map<String, Phase> quantized = new LinkedHashMap<>();
    phases.quantize().ifPresent(phase -> quantized.put("quantize", phase));
    phases
        .register()
        .ifPresent(register -> {
          quantized.put("register", register.phase());
          register
              .floats()
              .flatMap(FloatTraining::withoutUnderflow)
              .ifPresent(first -> quantized.put("register.withoutUnderflow", first));
        });
    return quantized;
  }
}
