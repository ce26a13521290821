package dev.narrows.hardware.c;

import dev.narrows.hardware.c.code.CannotPrint;
import dev.narrows.hardware.c.code.LayerCode;
import dev.narrows.hardware.c.code.LayerPrinter;
import dev.narrows.hardware.c.code.Scene;
import dev.narrows.hardware.c.plan.Edges;
import dev.narrows.hardware.c.text.CIdentifiers;
import dev.narrows.network.Network;
import dev.narrows.network.UnsupportedLayersException;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.pass.InputRanges;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes C of networks of integer codes: bit for bit what {@link
 * dev.narrows.network.execute.Executor} gives in the same registers.
 *
 * @see "docs/c.md"
 */
public final class CExport {
  private CExport() {}

  /**
   * The files of a network.
   *
   * @throws UnsupportedLayersException naming every layer that has no form in C
   * @throws NoRoomException if constants or buffers are larger than what was stated
   * @throws IllegalArgumentException if a rule for registers matches no layer
   */
  public static CFiles of(Network network, COptions options) {
    if (network.standsForProgram()) {
      throw new UnsupportedLayersException(
          "c", List.of("the network stands for a program with operators of ONNX Runtime"));
    }
    options.registers().of(network); // rules that match nothing
    Edges edges = Edges.of(network);
    Scene scene =
        new Scene(network, InputRanges.of(network), options.registers(), options.target());
    Map<Integer, LayerCode> codes = layers(scene, edges);
    String name = CIdentifiers.of(options.name());
    CProgram program = CProgram.of(scene, edges, codes, name);
    requireRoom(program, options);
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(name + ".c", program.source());
    texts.put(name + ".h", program.header());
    if (options.vectors() > 0) {
      CVectors vectors = new CVectors(scene, edges, name, options);
      texts.put(name + "_vectors.h", vectors.header());
      texts.put(name + "_main.c", vectors.main());
    }
    return new CFiles(texts, program.constantBytes(), program.bufferBytes(), edges.notes());
  }

  /** From the output backwards, because a layer may read what is before the one in front of it. */
  private static Map<Integer, LayerCode> layers(Scene scene, Edges edges) {
    Network network = scene.network();
    Map<Integer, LayerCode> codes = new TreeMap<>();
    Deque<String> unsupported = new ArrayDeque<>();
    Set<Integer> read = new HashSet<>(Set.of(edges.output()));
    for (int tensor : edges.tensors().reversed()) {
      if (!read.contains(tensor)) {
        continue;
      }
      Layer layer = network.layers().get(tensor - 1);
      try {
        if (layer instanceof InputLayer) {
          unsupported.addFirst(
              "\"%s\" (%s) is kept between calls".formatted(layer.name(), layer.kind()));
        } else {
          LayerCode code = LayerPrinter.of(scene, tensor, id(network, tensor));
          codes.put(tensor, code);
          read.addAll(code.inputs());
        }
      } catch (CannotPrint e) {
        unsupported.addFirst(
            "\"%s\" (%s) %s".formatted(layer.name(), layer.kind(), e.getMessage()));
        read.addAll(layer.inputs());
      }
    }
    if (!unsupported.isEmpty()) {
      throw new UnsupportedLayersException("c", List.copyOf(unsupported));
    }
    return codes;
  }

  /** The name of a layer's function: its number makes it the only one. */
  static String id(Network network, int tensor) {
    return "l%d_%s".formatted(tensor, CIdentifiers.of(network.tensorName(tensor)));
  }

  private static void requireRoom(CProgram program, COptions options) {
    options
        .flash()
        .ifPresent(flash -> {
          if (program.constantBytes() > flash) {
            throw new NoRoomException(
                "its constants take %d bytes of flash, and code comes on top, but --flash is %d"
                    .formatted(program.constantBytes(), flash));
          }
        });
    options
        .ram()
        .ifPresent(ram -> {
          if (program.bufferBytes() > ram) {
            throw new NoRoomException(
                "its buffers take %d bytes of RAM, and input, output and stack come on top, but --ram is %d"
                    .formatted(program.bufferBytes(), ram));
          }
        });
  }
}
