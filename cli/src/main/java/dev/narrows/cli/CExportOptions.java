package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.input.RegisterFile;
import dev.narrows.hardware.c.CExport;
import dev.narrows.hardware.c.CFiles;
import dev.narrows.hardware.c.COptions;
import dev.narrows.hardware.c.NoRoomException;
import dev.narrows.hardware.c.code.CpuTarget;
import dev.narrows.hardware.c.text.CIdentifiers;
import dev.narrows.network.execute.LayerRegisters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** What {@code export --to c} takes beside the network. */
final class CExportOptions {
  @Option(
      names = "--target-cpu",
      paramLabel = "CPU",
      description = {
        "For c: portable (default), cortex-m3, cortex-m4, neon, ssse3 or avx2.",
        "Kernels use lanes of 16 bits where certificates of the layers allow it."
      })
  private Optional<String> cpu = Optional.empty();

  @Option(
      names = "--accumulator",
      paramLabel = "TEXT",
      description = "For c: the register of layers that --accumulators does not name (exact).")
  private Optional<String> accumulator = Optional.empty();

  @Option(
      names = "--vectors",
      paramLabel = "N",
      description = "For c: writes N test inputs, the executor's outputs, and a main that checks.")
  private Optional<Integer> vectors = Optional.empty();

  @Option(
      names = "--checksums",
      description = {
        "For c, with --vectors: keeps a checksum of each output instead of the output, so that",
        "thousands of inputs can be checked on a small board. Inputs are made when it runs."
      })
  private boolean checksums;

  @Option(
      names = "--flash",
      paramLabel = "BYTES",
      description = "For c: refuses a network whose constants take more.")
  private Optional<Long> flash = Optional.empty();

  @Option(
      names = "--ram",
      paramLabel = "BYTES",
      description = "For c: refuses a network whose buffers take more.")
  private Optional<Long> ram = Optional.empty();

  /**
   * Refuses options that another format has no use for.
   *
   * @throws BadInputException naming one
   */
  void requireNone(String format) {
    Map<String, Optional<?>> given = new LinkedHashMap<>();
    given.put("--target-cpu", cpu);
    given.put("--accumulator", accumulator);
    given.put("--vectors", vectors);
    given.put("--checksums", checksums ? Optional.of(true) : Optional.empty());
    given.put("--flash", flash);
    given.put("--ram", ram);
    given.forEach((name, value) -> {
      if (value.isPresent()) {
        throw new BadInputException(name + ": has no effect on " + format);
      }
    });
  }

  /**
   * Writes the files of a network.
   *
   * @param plan a register per layer
   * @param out the C file; empty for one beside the network
   */
  List<Path> write(ModelFile file, Optional<Path> plan, Optional<Path> out, Terminal terminal)
      throws IOException {
    if (file.program().isPresent()) {
      throw new BadInputException("--to: c holds no operators of ONNX Runtime");
    }
    if (checksums && vectors.isEmpty()) {
      throw new BadInputException("--checksums: has an effect beside --vectors only");
    }
    String name = name(file, out);
    Path folder =
        out.orElse(file.path()).toAbsolutePath().normalize().resolveSibling(".").normalize();
    COptions options =
        COptions.of(name)
            .on(target())
            .in(registers(file, plan))
            .within(bytes("--flash", flash), bytes("--ram", ram));
    CFiles files = made(file, vectors.map(count -> tested(options, count)).orElse(options));
    Files.createDirectories(folder);
    List<Path> written = files.write(folder);
    files.notes().forEach(terminal::note);
    terminal.note(
        "constants take %d bytes, static buffers %d; compile with -std=c99 or later"
            .formatted(files.constantBytes(), files.bufferBytes()));
    return written;
  }

  private COptions tested(COptions options, int count) {
    try {
      COptions tested = options.withVectors(count);
      return checksums ? tested.withChecksums() : tested;
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--vectors: " + e.getMessage(), e);
    }
  }

  private static CFiles made(ModelFile file, COptions options) {
    try {
      return CExport.of(file.network(), options);
    } catch (NoRoomException e) {
      throw new BadInputException(file.path() + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--to c: " + e.getMessage(), e);
    }
  }

  /** What files and functions are named after. */
  private static String name(ModelFile file, Optional<Path> out) {
    String asked = String.valueOf(out.orElse(file.path()).getFileName());
    int dot = asked.lastIndexOf('.');
    String base = dot > 0 ? asked.substring(0, dot) : asked;
    String name = CIdentifiers.of(base);
    if (out.isPresent() && !asked.equals(name + ".c")) {
      throw new BadInputException(
          "--out: files of C are named as their functions are: expected %s.c, got %s"
              .formatted(name, asked));
    }
    return name;
  }

  private CpuTarget target() {
    try {
      return cpu.map(CpuTarget::of).orElse(CpuTarget.PORTABLE);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--target-cpu: " + e.getMessage(), e);
    }
  }

  private LayerRegisters registers(ModelFile file, Optional<Path> plan) {
    Summation base = accumulator.map(Summation::parse).orElse(Summation.exact());
    LayerRegisters registers = LayerRegisters.of(base);
    if (plan.isPresent()) {
      RegisterFile read = RegisterFile.read(plan.get());
      read.requireFor(file.id().sha256());
      registers = new LayerRegisters(base, read.rules());
    }
    EvaluateCommand.checked(file.network(), registers);
    return registers;
  }

  private static OptionalLong bytes(String option, Optional<Long> given) {
    if (given.isEmpty()) {
      return OptionalLong.empty();
    }
    if (given.get() < 0) {
      throw new BadInputException(option + ": must not be negative, got " + given.get());
    }
    return OptionalLong.of(given.get());
  }
}
