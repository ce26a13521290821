package dev.narrows.cli;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.lane.LaneInstructions;
import dev.narrows.core.lane.LaneReduction;
import dev.narrows.core.lane.OperandTypes;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.hardware.lanes.GuardHeader;
import dev.narrows.hardware.lanes.InputLimits;
import dev.narrows.hardware.lanes.LaneAnswer;
import dev.narrows.hardware.lanes.LaneChains;
import dev.narrows.hardware.lanes.LaneQuestion;
import dev.narrows.hardware.lanes.LaneWitness;
import dev.narrows.hardware.lanes.OperandValues;
import dev.narrows.hardware.lanes.WitnessProgram;
import dev.narrows.report.ListingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lanes}: how many products the lanes of a SIMD kernel may add. */
@Command(
    name = "lanes",
    description = {
      "Proves how many products a SIMD reduction may add before it must widen, for every input.",
      "The answer comes with the input that breaks one step more, and guard code in C.",
      "Exit 3 if --chain, or a reduction that leaves no length open, is not safe."
    })
final class LanesCommand implements Callable<Integer> {
  @Option(
      names = "--reduction",
      paramLabel = "TEXT",
      description = {
        "Instructions joined by +, such as vpmaddubsw+paddsw, or registers and what they add,",
        "innermost first, such as \"u8*s8; i16 saturate: add 2 products; i16: add n by stride 16;"
            + " i32: flush\".",
        "n is the length in question. --list names the instructions."
      })
  private Optional<String> reduction = Optional.empty();

  @Option(
      names = "--a",
      paramLabel = "CODES",
      description = {
        "What the first operand can be: u8, s8, -127..127, s8+128 (codes plus an offset),",
        "\"s8 except -128\" (default: all that the instruction multiplies)."
      })
  private Optional<String> a = Optional.empty();

  @Option(
      names = "--b",
      paramLabel = "CODES",
      description = "What the second operand can be: weights, or another activation; as --a.")
  private Optional<String> b = Optional.empty();

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "The second operand as it is: integers [channels, terms] or [terms] (.npy).")
  private Optional<Path> weights = Optional.empty();

  @Option(
      names = "--terms",
      paramLabel = "K",
      description = "How many products a dot product has (default: any number).")
  private Optional<Integer> terms = Optional.empty();

  @Option(
      names = "--nonzeros",
      paramLabel = "K",
      description = "At most so many inputs of a dot product differ from 0.")
  private Optional<Integer> nonzeros = Optional.empty();

  @Option(
      names = "--one-of",
      paramLabel = "G",
      description = "Of every G neighbouring inputs one at most differs from 0; needs --terms.")
  private Optional<Integer> group = Optional.empty();

  @Option(names = "--chain", paramLabel = "N", description = "Is n = N safe? Exit 3 if not.")
  private Optional<Integer> chain = Optional.empty();

  @Option(names = "--list", description = "List the instructions and what they stand for.")
  private boolean list;

  @Mixin private OutputOptions output = new OutputOptions();

  private final Commands commands;

  LanesCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    if (list) {
      if (reduction.isPresent()) {
        throw new BadInputException("--reduction: not beside --list");
      }
      output.tell(commands, instructions(), "instructions");
      return ExitCode.DONE;
    }
    LaneAnswer answer = answer();
    output.tell(commands, LaneResults.of(answer, weights), "reduction");
    if (output.folder().isPresent()) {
      write(answer, output.folder().get());
    }
    boolean asked = chain.isPresent() || answer.largest().isEmpty();
    return asked && !answer.safe() ? ExitCode.NOT_GUARANTEED : ExitCode.DONE;
  }

  private LaneAnswer answer() {
    String text =
        reduction.orElseThrow(() ->
            new BadInputException("--reduction: needed, such as vpmaddubsw+paddsw; see --list"));
    LaneReduction parsed = said("--reduction", () -> LaneReduction.parse(text));
    Optional<int[][]> given = weights.map(LanesCommand::weights);
    OperandValues first = operand("--a", a, parsed, OperandTypes::a);
    OperandValues second =
        given.isPresent() && b.isEmpty() && parsed.operands().isEmpty()
            ? OperandValues.of(range(given.get()))
            : operand("--b", b, parsed, OperandTypes::b);
    return said(
        "lanes",
        () ->
            LaneChains.answer(
                new LaneQuestion(
                    parsed,
                    first,
                    second,
                    given,
                    number(terms),
                    new InputLimits(number(nonzeros), number(group))),
                number(chain)));
  }

  private static OperandValues operand(
      String option,
      Optional<String> text,
      LaneReduction reduction,
      Function<OperandTypes, IntegerFormat> type) {
    if (text.isPresent()) {
      return said(option, () -> OperandValues.parse(text.get()));
    }
    return reduction
        .operands()
        .map(type)
        .map(IntegerRange::of)
        .map(OperandValues::of)
        .orElseThrow(() ->
            new BadInputException(
                option + ": needed, as the reduction does not say what it multiplies"));
  }

  private static OptionalInt number(Optional<Integer> value) {
    return value.stream().mapToInt(Integer::intValue).findFirst();
  }

  private static <T> T said(String option, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new BadInputException(option + ": " + e.getMessage(), e);
    }
  }

  private static IntegerRange range(int[][] weights) {
    return new IntegerRange(
        Arrays.stream(weights).flatMapToInt(Arrays::stream).min().orElse(0),
        Arrays.stream(weights).flatMapToInt(Arrays::stream).max().orElse(0));
  }

  private static int[][] weights(Path file) {
    NpyArray array = Npy.read(file);
    List<Integer> shape = array.shape();
    if (shape.isEmpty() || shape.size() > 2 || array.elements() == 0) {
      throw BadInputException.in(
          file, "expected integers [channels, terms] or [terms], found shape " + shape);
    }
    int[] all = said("--weights", array::toInts);
    int width = shape.getLast();
    int[][] channels = new int[all.length / width][];
    Arrays.setAll(channels, c -> Arrays.copyOfRange(all, c * width, (c + 1) * width));
    return channels;
  }

  private static void write(LaneAnswer answer, Path folder) throws IOException {
    boolean guarded =
        answer.largest().isPresent() ? answer.largest().getAsInt() > 0 : answer.safe();
    if (guarded) {
      AtomicFile.write(folder.resolve("guard.h"), GuardHeader.of(answer));
    }
    if (answer.witness().isPresent()) {
      LaneWitness witness = answer.witness().get();
      write(folder.resolve("witness-a.npy"), witness.a());
      write(folder.resolve("witness-b.npy"), witness.b());
      if (witness.a().length <= WitnessProgram.LONGEST) {
        AtomicFile.write(
            folder.resolve("witness.c"), WitnessProgram.of(answer.question(), witness));
      }
    }
  }

  private static void write(Path file, long[] codes) throws IOException {
    Npy.write(file, NpyArray.of(codes, codes.length));
  }

  private static ListingResult instructions() {
    List<Map<String, Object>> items = new ArrayList<>();
    LaneInstructions.byName()
        .forEach((name, one) -> {
          Map<String, Object> item = new LinkedHashMap<>();
          item.put("name", name);
          item.put("multiplies", one.operands().orElse(""));
          item.put("registers", one.levels());
          item.put("does", one.words());
          items.add(item);
        });
    return new ListingResult(
        "lane-instructions",
        "Instructions of a reduction, joined by +; the v of AVX may be left out",
        List.of("name", "multiplies", "registers", "does"),
        items);
  }
}
