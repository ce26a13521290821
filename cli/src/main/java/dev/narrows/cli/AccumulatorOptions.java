package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.input.RegisterFile;
import dev.narrows.network.execute.LayerRegisters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The registers that a command runs a network in. */
final class AccumulatorOptions {
  @Option(
      names = "--accumulator",
      paramLabel = "TEXT",
      split = ";",
      description = {
        "${bundle:forms.accumulators},",
        "then perhaps a colon and an order:",
        "${bundle:forms.orders}.",
        "May be given more than once; P may be a range, as in int8-20:saturate.",
        "For float operands m7e4(12)/m7e4(10), or one of ${bundle:forms.floats},",
        "then perhaps a colon and an order, ${bundle:forms.floatOrders}, nearest, or no-underflow.",
        "Registers of matrix hardware are fused(32,13):e8m13:scaled(e4m3) and the like, or by name",
        "${bundle:forms.hardware}."
      })
  private List<String> texts = new ArrayList<>();

  @Option(
      names = "--accumulators",
      paramLabel = "FILE|GLOB=TEXT",
      description = {
        "YAML with a register per layer: a glob for names, then the text; or a plan of narrow's; or",
        "such rules themselves, as in '*.attention.*=exact;classifier=exact'. May be given more than",
        "once: the first rule that matches counts, an exact name before any glob. Layers that none",
        "names run in --accumulator (default: exact)."
      })
  private List<String> rules = new ArrayList<>();

  /**
   * What was asked for, exact registers if nothing was; odd choices are noted. Exact registers that
   * are asked for beside a file are a choice of their own, to compare with.
   */
  List<LayerRegisters> registers(Terminal terminal) {
    List<LayerRegisters> asked = new ArrayList<>(registers());
    if (!rules.isEmpty() && !texts.isEmpty() && bases().contains(Summation.exact())) {
      asked.addFirst(LayerRegisters.exact());
    }
    return told(terminal, asked);
  }

  /**
   * The one choice that was asked for.
   *
   * @throws BadInputException if there are several
   */
  LayerRegisters single(Terminal terminal) {
    List<LayerRegisters> asked = told(terminal, registers());
    if (asked.size() != 1) {
      throw new BadInputException("--accumulator: run takes one, got " + asked.size());
    }
    return asked.getFirst();
  }

  /** Whether any were named. */
  boolean given() {
    return !texts.isEmpty() || !rules.isEmpty();
  }

  /**
   * The registers of a guarantee: those that a file names over one for all other layers.
   *
   * @param bits width of that one, where it is not named by --accumulator
   * @throws BadInputException if there are several, or both
   */
  LayerRegisters over(Terminal terminal, Optional<Integer> bits) {
    if (bits.isPresent() && !texts.isEmpty()) {
      throw new BadInputException(
          "--bits: and --accumulator name the same register; leave one out");
    }
    if (bits.isPresent()) {
      Summation base = new Summation(new Saturating(bits.get()), new SummationOrder.Sequential());
      return new LayerRegisters(base, rules());
    }
    if (bases().size() > 1) {
      throw new BadInputException("--accumulator: expected one, got " + bases().size());
    }
    LayerRegisters asked = single(terminal);
    boolean floats =
        !asked.base().accumulator().takesIntegers()
            || asked.rules().stream()
                .anyMatch(rule -> !rule.summation().accumulator().takesIntegers());
    if (floats) {
      throw new BadInputException("--accumulator: a repair is for registers of integers");
    }
    return asked;
  }

  /**
   * Refuses a plan that was made for another network.
   *
   * @throws BadInputException then
   */
  void requireFor(ModelFile model) {
    requireFor(model.id().sha256());
  }

  /** The same by the SHA-256 of the network's file. */
  void requireFor(String sha256) {
    rules.stream()
        .filter(each -> !isRules(each))
        .map(each -> RegisterFile.read(Path.of(each)))
        .forEach(plan -> plan.requireFor(sha256));
  }

  private static List<LayerRegisters> told(Terminal terminal, List<LayerRegisters> asked) {
    asked.stream()
        .flatMap(registers -> registers.warnings().stream())
        .distinct()
        .forEach(warning -> terminal.note("warning: " + warning));
    return asked;
  }

  private List<LayerRegisters> registers() {
    List<LayerRegisters.Rule> named = rules();
    return bases().stream().map(base -> new LayerRegisters(base, named)).toList();
  }

  private List<LayerRegisters.Rule> rules() {
    List<LayerRegisters.Rule> all = new ArrayList<>();
    for (String each : rules) {
      all.addAll(isRules(each) ? written(each) : RegisterFile.read(Path.of(each)).rules());
    }
    return all;
  }

  /** Whether a text is rules; a file of that name would be meant. */
  private static boolean isRules(String text) {
    return text.contains("=") && !Files.isRegularFile(Path.of(text));
  }

  private static List<LayerRegisters.Rule> written(String text) {
    List<LayerRegisters.Rule> all = new ArrayList<>();
    for (String rule : text.split(";")) {
      int equals = rule.indexOf('=');
      if (equals < 1 || equals == rule.length() - 1) {
        throw new BadInputException(
            "--accumulators: expected GLOB=TEXT, as in *.attention.*=exact, found \"%s\""
                .formatted(rule));
      }
      try {
        all.add(
            new LayerRegisters.Rule(
                rule.substring(0, equals).strip(),
                Summation.parse(rule.substring(equals + 1).strip())));
      } catch (IllegalArgumentException e) {
        throw new BadInputException("--accumulators: " + e.getMessage(), e);
      }
    }
    return all;
  }

  private List<Summation> bases() {
    return texts.isEmpty()
        ? List.of(Summation.exact())
        : texts.stream().flatMap(text -> Summation.parseWidths(text).stream()).toList();
  }
}
