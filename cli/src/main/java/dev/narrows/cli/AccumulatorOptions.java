package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.AccumulatorRange;
import dev.narrows.experiments.input.YamlFile;
import dev.narrows.experiments.input.YamlMap;
import dev.narrows.network.execute.Registers;
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
        "exact, int<P>:wrap, int<P>:saturate or int<P>:resolved, then perhaps an order",
        "(:reversed :chunk(n) :ascending :sorted :sorted(r) :tiles(T,r) :sign-directed).",
        "May be given more than once; P may be a range, as in int8-20:saturate.",
        "For float operands: m7e4(12)/m7e4(10), or a name such as m7e4, fp16, bf16, then perhaps",
        ":sequential :reversed :chunk(n) :ascending :no-underflow."
      })
  private List<String> texts = new ArrayList<>();

  @Option(
      names = "--accumulators",
      paramLabel = "FILE",
      description = "YAML with a register per layer: a glob for names, then the text.")
  private Optional<Path> file = Optional.empty();

  /** What was asked for, exact registers if nothing was; odd choices are told. */
  List<Registers> registers(Terminal terminal) {
    List<Registers> asked = registers();
    asked.stream()
        .flatMap(registers -> registers.warnings().stream())
        .distinct()
        .forEach(warning -> terminal.note("warning: " + warning));
    return asked;
  }

  private List<Registers> registers() {
    List<Registers.Rule> rules = file.map(AccumulatorOptions::rules).orElse(List.of());
    List<Summation> bases =
        texts.isEmpty()
            ? List.of(Summation.exact())
            : texts.stream().flatMap(text -> AccumulatorRange.expand(text).stream()).toList();
    return bases.stream().map(base -> new Registers(base, rules)).toList();
  }

  private static List<Registers.Rule> rules(Path file) {
    YamlMap map = YamlFile.read(file);
    return map.keys().stream()
        .map(glob -> new Registers.Rule(glob, map.require(glob).parsed(Summation::parse)))
        .toList();
  }
}
