package dev.narrows.hardware.verilog;

import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.pass.InputRanges;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The units of a network: a module for each layer of integer dot products, its memories, a
 * testbench with vectors, and a Makefile for iverilog, verilator and yosys.
 *
 * @param units in the network's order
 * @param files texts by name
 */
public record VerilogProject(List<UnitLayer> units, Map<String, String> files) {
  private static final String LIBRARY = "narrows.v";

  /** Copies both. */
  public VerilogProject {
    units = List.copyOf(units);
    files = Map.copyOf(files);
  }

  /**
   * The project of a network, every register as wide as no input can overflow.
   *
   * @param saturate whether registers saturate; else they wrap
   * @param pe channels at once, wanted
   * @param simd terms at once, wanted
   * @param data stored codes of real inputs by layer, [groups · K] each; layers may be left out
   * @throws IllegalArgumentException if the network has no layer of integer dot products
   */
  public static VerilogProject of(
      Network network, boolean saturate, int pe, int simd, Map<String, List<int[]>> data) {
    InputRanges ranges = InputRanges.of(network);
    VerilogNames names = new VerilogNames();
    List<UnitLayer> units = new ArrayList<>();
    for (LayerRegister register : LayerRegisters.exact().of(network)) {
      if (network.layer(register.layer()) instanceof DotLayer dot
          && !dot.isFloat()
          && dot.terms() > 0) {
        units.add(
            UnitLayer.of(names.of(dot.name()), network, ranges, dot, register, saturate, pe, simd));
      }
    }
    if (units.isEmpty()) {
      throw new IllegalArgumentException(
          "network \"%s\" has no layer of integer dot products".formatted(network.name()));
    }
    Map<String, String> files = new LinkedHashMap<>();
    files.put(LIBRARY, library());
    for (UnitLayer unit : units) {
      files.putAll(new UnitSource(unit).files());
      files.putAll(new UnitTestbench(unit, data.getOrDefault(unit.layer(), List.of())).files());
    }
    files.put("Makefile", makefile(units));
    return new VerilogProject(units, files);
  }

  /** The modules that all units share. */
  static String library() {
    try (InputStream stream = VerilogProject.class.getResourceAsStream(LIBRARY)) {
      return new String(
          Objects.requireNonNull(stream, LIBRARY).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(LIBRARY + " cannot be read", e);
    }
  }

  private static String makefile(List<UnitLayer> units) {
    return """
    # make: simulates every unit; make lint: verilator; make synth: yosys, LUTs of each unit
    UNITS := %s

    .PHONY: all lint synth clean
    all: $(UNITS:%%=%%.log)

    %%.vvp: narrows.v %%.v %%_tb.v
    \tiverilog -g2005 -o $@ $^

    %%.log: %%.vvp
    \tvvp -n $< > $@
    \t@cat $@
    \t@grep -q '^PASS' $@

    lint:
    \t@for unit in $(UNITS); do \\
    \t  verilator --lint-only -Wno-fatal -Wno-WIDTH -Wno-MULTITOP --top-module $$unit narrows.v $$unit.v || exit 1; \\
    \tdone

    synth:
    \t@for unit in $(UNITS); do \\
    \t  yosys -q -p "read_verilog narrows.v $$unit.v; synth_xilinx -family xc7 -nodsp -noiopad -noclkbuf -flatten -top $$unit; tee -o $$unit.stat stat" || exit 1; \\
    \tdone

    clean:
    \trm -f *.vvp *.log *.stat
    """
        .formatted(units.stream().map(UnitLayer::module).collect(Collectors.joining(" ")));
  }

  /**
   * Writes all files into a new folder: all of them, or none.
   *
   * @throws FileSystemException if there is something in the folder
   */
  public void write(Path folder) throws IOException {
    Path target = folder.toAbsolutePath().normalize();
    if (Files.exists(target) && !empty(target)) {
      throw new FileSystemException(folder.toString(), null, "expected a new or empty folder");
    }
    Path parent = Objects.requireNonNull(target.getParent(), "a root is never empty");
    Files.createDirectories(parent);
    Path made = parent.resolve(".verilog-" + Long.toHexString(System.nanoTime()));
    Files.createDirectory(made); // not a temporary one, which only its owner may read
    try {
      for (Map.Entry<String, String> file : files.entrySet()) {
        Files.writeString(made.resolve(file.getKey()), file.getValue());
      }
      Files.deleteIfExists(target); // empty
      Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      remove(made);
    }
  }

  private static boolean empty(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  static void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
