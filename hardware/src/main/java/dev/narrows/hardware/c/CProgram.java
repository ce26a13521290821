package dev.narrows.hardware.c;

import dev.narrows.hardware.c.code.LayerCode;
import dev.narrows.hardware.c.code.Scene;
import dev.narrows.hardware.c.plan.BufferPlan;
import dev.narrows.hardware.c.plan.Edges;
import dev.narrows.hardware.c.text.CIdentifiers;
import dev.narrows.hardware.c.text.CPieces;
import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A network's C file and header: layers one after the other, in buffers that are used again. */
final class CProgram {
  private static final CPieces PIECES =
      CPieces.of(CProgram.class, "/dev/narrows/hardware/c/pieces.c");
  private static final CPieces FRAME =
      CPieces.of(CProgram.class, "/dev/narrows/hardware/c/frame.c");

  private final Scene scene;
  private final Network network;
  private final Edges edges;
  private final Map<Integer, LayerCode> codes;
  private final String name;

  /** By tensor: the tensor whose place it shares. */
  private final Map<Integer, Integer> homes = new TreeMap<>();

  /** Layers that have nothing to do. */
  private final Set<Integer> silent = new TreeSet<>();

  /** By the type of their arrays. */
  private final Map<CType, BufferPlan> arenas = new EnumMap<>(CType.class);

  private CProgram(Scene scene, Edges edges, Map<Integer, LayerCode> codes, String name) {
    this.scene = scene;
    this.network = scene.network();
    this.edges = edges;
    this.codes = codes;
    this.name = name;
  }

  static CProgram of(Scene scene, Edges edges, Map<Integer, LayerCode> codes, String name) {
    CProgram program = new CProgram(scene, edges, codes, name);
    program.findHomes();
    program.placeBuffers();
    return program;
  }

  private int lastUse(int tensor) {
    return codes.entrySet().stream()
        .filter(code -> code.getValue().inputs().contains(tensor))
        .mapToInt(Map.Entry::getKey)
        .max()
        .orElse(tensor);
  }

  /** The last step at which anything in a place is read. */
  private int lastUseOfHome(int home) {
    int last = home;
    for (Map.Entry<Integer, Integer> entry : homes.entrySet()) {
      if (entry.getValue() == home) {
        last = Math.max(last, Math.max(entry.getKey(), lastUse(entry.getKey())));
      }
    }
    return last;
  }

  private void findHomes() {
    edges.inputs().forEach(input -> homes.put(input, input));
    codes.forEach((tensor, code) -> {
      int home = tensor;
      for (int source : code.inputs()) {
        if (home != tensor) {
          break;
        }
        int place = homes.getOrDefault(source, source);
        boolean given = edges.inputs().contains(place);
        boolean last = lastUseOfHome(place) == tensor;
        if (code.reading() == LayerCode.Reading.AS_IT_IS && !(given && tensor == edges.output())) {
          home = place;
          silent.add(tensor);
        } else if (code.reading() == LayerCode.Reading.IN_PLACE
            && last
            && !given
            && sameSize(place, tensor)) {
          home = place;
        }
      }
      homes.put(tensor, home);
    });
  }

  private boolean sameSize(int place, int tensor) {
    return network.tensor(place).elements() == network.tensor(tensor).elements()
        && arenaOf(place) == arenaOf(tensor);
  }

  private CType arenaOf(int tensor) {
    return Scene.type(network.tensor(tensor)).arena();
  }

  private int bytes(int tensor) {
    return Scene.type(network.tensor(tensor)).bytes();
  }

  private boolean isOutput(int home) {
    return homes.getOrDefault(edges.output(), edges.output()) == home;
  }

  private void placeBuffers() {
    Map<CType, List<BufferPlan.Buffer>> buffers = new EnumMap<>(CType.class);
    for (int tensor : codes.keySet()) {
      int home = homes.getOrDefault(tensor, tensor);
      if (home == tensor && !isOutput(home)) {
        buffers
            .computeIfAbsent(arenaOf(tensor), b -> new ArrayList<>())
            .add(
                new BufferPlan.Buffer(
                    tensor, network.tensor(tensor).elements(), tensor, lastUseOfHome(tensor)));
      }
      LayerCode code = codes.get(tensor);
      if (code != null && !silent.contains(tensor)) {
        code.scratch()
            .ifPresent(scratch ->
                buffers
                    .computeIfAbsent(scratch.type().arena(), b -> new ArrayList<>())
                    .add(new BufferPlan.Buffer(-tensor, scratch.elements(), tensor, tensor)));
      }
    }
    buffers.forEach((type, list) -> arenas.put(type, BufferPlan.of(list)));
  }

  long constantBytes() {
    return printed().stream().mapToLong(code -> code.constantBytes()).sum();
  }

  long bufferBytes() {
    return arenas.entrySet().stream()
        .mapToLong(arena -> (long) arena.getKey().bytes() * arena.getValue().size())
        .sum();
  }

  private List<LayerCode> printed() {
    return codes.entrySet().stream()
        .filter(code -> !silent.contains(code.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static String arenaName(CType type) {
    return type == CType.FLOAT ? "arena_float" : "arena" + 8 * type.bytes();
  }

  /** Where a tensor lies, as an expression. */
  private String pointer(int tensor) {
    int home = homes.getOrDefault(tensor, tensor);
    CType wanted = Scene.type(network.tensor(tensor));
    if (edges.inputs().contains(home)) {
      return cast(wanted, Scene.type(network.tensor(home)), true, inputName(home));
    }
    if (isOutput(home)) {
      return cast(wanted, Scene.type(network.tensor(edges.output())), false, "output");
    }
    return arena(home, wanted);
  }

  private static String cast(CType wanted, CType has, boolean constant, String pointer) {
    return wanted == has
        ? pointer
        : "(%s%s *)%s".formatted(constant ? "const " : "", wanted, pointer);
  }

  private String arena(int key, CType type) {
    CType array = type.arena();
    BufferPlan plan = arenas.getOrDefault(array, new BufferPlan(Map.of(), 0));
    String cast = type == array ? "" : "(%s *)".formatted(type);
    return "%s%s + %d".formatted(cast, arenaName(array), plan.offsets().getOrDefault(key, 0));
  }

  private String inputName(int tensor) {
    if (edges.inputs().size() == 1) {
      return "input";
    }
    CIdentifiers names = new CIdentifiers();
    Map<Integer, String> made = new HashMap<>();
    edges.inputs().forEach(t -> made.put(t, names.unique("input " + network.tensorName(t))));
    return made.getOrDefault(tensor, "input");
  }

  private String signature() {
    StringBuilder text = new StringBuilder("void %s_run(".formatted(name));
    for (int input : edges.inputs()) {
      text.append("const %s *%s, ".formatted(Scene.type(network.tensor(input)), inputName(input)));
    }
    return text.append("%s *output)".formatted(Scene.type(network.tensor(edges.output()))))
        .toString();
  }

  private static String describe(TensorType type) {
    return "%d x %d x %d %s (rows, columns, channels; channels next to each other)"
        .formatted(
            type.height(), type.width(), type.channels(), type.isFloat() ? "numbers" : "codes");
  }

  private String upper() {
    return name.toUpperCase(Locale.ROOT);
  }

  String header() {
    StringBuilder defines = new StringBuilder();
    for (int input : edges.inputs()) {
      defines.append(defines(inputName(input), network.tensor(input)));
    }
    defines.append(defines("output", network.tensor(edges.output())));
    return FRAME.fill(
        "header",
        Map.of(
            "network",
            CIdentifiers.comment(network.name()),
            "upper",
            upper(),
            "defines",
            defines.toString(),
            "buffers",
            bufferBytes(),
            "constants",
            constantBytes(),
            "signature",
            signature()));
  }

  private String defines(String what, TensorType type) {
    String prefix = upper() + "_" + what.toUpperCase(Locale.ROOT);
    if (type.isFloat()) {
      return """

      /* %s: %s, in IEEE 754 binary32. */
      #define %s_SIZE %d
      """
          .formatted(what, describe(type), prefix, type.elements());
    }
    return """

    /* %1$s: %2$s, real value = SCALE * (code - ZERO_POINT), codes %3$d to %4$d. */
    #define %5$s_SIZE %6$d
    #define %5$s_SCALE %7$s
    #define %5$s_ZERO_POINT %8$s
    """
        .formatted(
            what,
            describe(type),
            type.quantization().format().min(),
            type.quantization().format().max(),
            prefix,
            type.elements(),
            type.quantization().scale(),
            "(" + type.quantization().zeroPoint() + ")");
  }

  String source() {
    Set<String> pieces = new TreeSet<>();
    StringBuilder layers = new StringBuilder();
    StringBuilder calls = new StringBuilder();
    for (Map.Entry<Integer, LayerCode> entry : codes.entrySet()) {
      int tensor = entry.getKey();
      if (silent.contains(tensor)) {
        continue;
      }
      LayerCode code = entry.getValue();
      pieces.addAll(code.pieces());
      Layer layer = network.layers().get(tensor - 1);
      layers.append(
          "\n/*\n * \"%s\", %s: makes %s.\n"
              .formatted(
                  CIdentifiers.comment(layer.name()), layer.kind(), describe(layer.output())));
      code.notes().forEach(note -> layers.append(" * ").append(note).append('\n'));
      layers.append(" */\n").append(code.constants()).append(code.function());
      calls.append("  ").append(call(tensor, code)).append(";\n");
    }
    if (edges.inputs().contains(edges.output())) { // nothing is left between the edges
      calls.append(
          "  memcpy(output, %s, %d);\n"
              .formatted(
                  inputName(edges.output()),
                  (long) network.tensor(edges.output()).elements() * bytes(edges.output())));
    }
    StringBuilder buffers = new StringBuilder();
    arenas.forEach((type, plan) ->
        buffers.append(
            "static NARROWS_ALIGNED %s %s[%d];\n"
                .formatted(type, arenaName(type), Math.max(1, plan.size()))));
    return FRAME.fill(
        "source",
        Map.of(
            "network",
            CIdentifiers.comment(network.name()),
            "name",
            name,
            "target",
            scene.target(),
            "pieces",
            PIECES.with(pieces),
            "buffers",
            buffers.toString(),
            "layers",
            layers.toString(),
            "signature",
            signature(),
            "calls",
            calls.toString()));
  }

  private String call(int tensor, LayerCode code) {
    List<String> arguments = new ArrayList<>();
    code.inputs().forEach(input -> arguments.add(pointer(input)));
    arguments.add(pointer(tensor));
    code.scratch().ifPresent(scratch -> arguments.add(arena(-tensor, scratch.type())));
    return "%s(%s)".formatted(CExport.id(network, tensor), String.join(", ", arguments));
  }
}
