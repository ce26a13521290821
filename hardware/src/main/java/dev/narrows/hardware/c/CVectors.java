package dev.narrows.hardware.c;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.hardware.c.code.Scene;
import dev.narrows.hardware.c.plan.Edges;
import dev.narrows.hardware.c.text.CArrays;
import dev.narrows.hardware.c.text.CIdentifiers;
import dev.narrows.hardware.c.text.CPieces;
import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** Inputs made by a generator that C has too, and what the executor gives for them. */
final class CVectors {
  private static final CPieces FRAME =
      CPieces.of(CVectors.class, "/dev/narrows/hardware/c/frame.c");
  private static final int SEED = 20_251;
  private static final float NUMBER_STEP = 0x1p-10f;
  private static final IntegerRange NUMBER_STEPS = new IntegerRange(-4096, 4096); // of [−4, 4]
  private static final int BLOCK = 64; // vectors that are run together

  private final Scene scene;
  private final Network network;
  private final Edges edges;
  private final String name;
  private final int count;
  private final boolean checksums;
  private final Kinds kinds;
  private final int[] expected;

  /** Which inputs of the generator are taken. */
  private enum Kinds {
    ALL("v"),
    /** Every fourth, whose codes are the ends of their range: bipolar ones have no others. */
    ENDS("4u * v + 1u");

    private final String text;

    Kinds(String text) {
      this.text = text;
    }

    int number(int vector) {
      return this == ALL ? vector : 4 * vector + 1;
    }
  }

  /**
   * A run of the executor.
   *
   * @param outputs [vectors][H][W][C]
   * @param changed a tensor of codes that did not come back when real numbers were quantised
   */
  private record Run(int[] outputs, OptionalInt changed) {}

  CVectors(Scene scene, Edges edges, String name, COptions options) {
    this.scene = scene;
    this.network = scene.network();
    this.edges = edges;
    this.name = name;
    this.count = options.vectors();
    this.checksums = options.checksums();
    Run all = run(options, Kinds.ALL);
    this.kinds = all.changed().isEmpty() ? Kinds.ALL : Kinds.ENDS;
    Run run = kinds == Kinds.ALL ? all : run(options, kinds);
    if (run.changed().isPresent()) {
      throw new IllegalArgumentException(
          "no test vectors: tensor \"%s\" does not give its codes back when it is quantised"
              .formatted(network.tensorName(run.changed().getAsInt())));
    }
    this.expected = run.outputs();
  }

  private Run run(COptions options, Kinds chosen) {
    TensorType to = network.tensor(edges.output());
    int[] outputs = new int[Math.multiplyExact(count, to.elements())];
    try (Executor executor =
        Executor.of(network, options.registers(), Runtime.getRuntime().availableProcessors())) {
      for (int first = 0; first < count; first += BLOCK) {
        Run block = run(executor, chosen, first, Math.min(BLOCK, count - first));
        System.arraycopy(
            block.outputs(), 0, outputs, first * to.elements(), block.outputs().length);
        if (block.changed().isPresent()) {
          return new Run(outputs, block.changed());
        }
      }
    }
    return new Run(outputs, OptionalInt.empty());
  }

  /** Some of the vectors: inputs of many would take much memory. */
  private Run run(Executor executor, Kinds chosen, int first, int vectors) {
    Map<Integer, int[]> made = new TreeMap<>(); // by tensor, [vectors][C][H][W]
    int[] words = new int[Math.multiplyExact(vectors, network.inputElements())];
    int seed = SEED;
    int before = 0;
    for (int input : network.inputs()) {
      int codesAt = codesOf(input);
      TensorType type = network.tensor(codesAt < 0 ? input : codesAt);
      int elements = type.elements();
      int[] all = new int[vectors * elements];
      IntegerRange range = range(codesAt < 0 ? input : codesAt);
      for (int v = 0; v < vectors; v++) {
        int[] codes = TestCodes.of(elements, range, chosen.number(first + v), seed);
        for (int i = 0; i < elements; i++) {
          int at = i % type.channels() * type.positions() + i / type.channels();
          int word = type.isFloat() ? Words.of(codes[i] * NUMBER_STEP) : codes[i];
          all[v * elements + at] = word;
          words[v * network.inputElements() + before + at] =
              network.tensor(input).isFloat() && !type.isFloat()
                  ? Words.of(Dequantize.number(type.quantization(), word))
                  : word;
        }
      }
      if (codesAt >= 0) {
        made.put(codesAt, all);
        seed++;
      }
      before += elements;
    }
    Map<Integer, int[]> seen = new HashMap<>();
    executor.run(
        words,
        vectors,
        RunOptions.none()
            .withTensors((tensor, at, codes) -> {
              if (tensor == edges.output() || made.containsKey(tensor)) {
                int elements = network.tensor(tensor).elements();
                int[] into = seen.computeIfAbsent(tensor, t -> new int[vectors * elements]);
                System.arraycopy(codes, 0, into, at * elements, codes.length);
              }
            }));
    OptionalInt changed =
        made.entrySet().stream()
            .filter(entry ->
                !Arrays.equals(
                    entry.getValue(), seen.getOrDefault(entry.getKey(), entry.getValue())))
            .mapToInt(Map.Entry::getKey)
            .findFirst();
    int[] outputs = seen.getOrDefault(edges.output(), new int[0]);
    return new Run(rows(outputs, network.tensor(edges.output())), changed);
  }

  /** What the generator makes for a tensor: codes, or steps of real numbers. */
  private IntegerRange range(int tensor) {
    return network.tensor(tensor).isFloat() ? NUMBER_STEPS : scene.ranges().tensor(tensor);
  }

  /** The tensor that a caller gives for an input; −1 if it is not read. */
  private int codesOf(int input) {
    for (int tensor : edges.inputs()) {
      boolean quantised = tensor > 0 && network.layers().get(tensor - 1).inputs().contains(input);
      if (tensor == input || quantised && network.tensor(input).isFloat()) {
        return tensor;
      }
    }
    return -1;
  }

  private int[] rows(int[] codes, TensorType type) {
    int[] rows = new int[codes.length];
    int elements = type.elements();
    for (int i = 0; i < codes.length; i++) {
      int at = i % elements;
      int place = at % type.channels() * type.positions() + at / type.channels();
      rows[i] = codes[i - at + place];
    }
    return rows;
  }

  private String upper() {
    return name.toUpperCase(Locale.ROOT);
  }

  String header() {
    StringBuilder makers = new StringBuilder();
    if (!edges.inputs().isEmpty()) {
      makers.append(FRAME.fill("generator", Map.of("name", name))).append('\n');
    }
    int seed = SEED;
    for (int i = 0; i < edges.inputs().size(); i++) {
      TensorType type = network.tensor(edges.inputs().get(i));
      makers.append(
          FRAME.fill(
              "maker",
              Map.of(
                  "name",
                  name,
                  "what",
                  what(i),
                  "type",
                  Scene.type(type),
                  "seed",
                  seed++,
                  "least",
                  CType.INT32.literal(range(edges.inputs().get(i)).min()),
                  "most",
                  CType.INT32.literal(range(edges.inputs().get(i)).max()),
                  "step",
                  type.isFloat() ? " * 0x1p-10f" : "",
                  "size",
                  type.elements())));
    }
    TensorType to = network.tensor(edges.output());
    String outputs = name + "_expected";
    return FRAME.fill(
        "vectors",
        Map.of(
            "network",
            CIdentifiers.comment(network.name()),
            "name",
            name,
            "what",
            checksums ? "expected are CRC-32 sums of the outputs" : "outputs are those",
            "upper",
            upper(),
            "count",
            count,
            "makers",
            makers.toString(),
            "expected",
            checksums
                ? CArrays.declare(CType.UINT32, outputs, sums(to))
                : CArrays.declare(Scene.type(to), outputs, CArrays.longs(expected))));
  }

  /** A checksum for each vector: CRC-32 of its outputs, each as four bytes, the lowest first. */
  private long[] sums(TensorType to) {
    long[] sums = new long[count];
    ByteBuffer bytes = ByteBuffer.allocate(4 * to.elements()).order(ByteOrder.LITTLE_ENDIAN);
    for (int v = 0; v < count; v++) {
      for (int i = 0; i < to.elements(); i++) {
        int word = expected[v * to.elements() + i];
        bytes.putInt(4 * i, to.isFloat() ? Words.canonical(Words.number(word)) : word);
      }
      CRC32 sum = new CRC32();
      sum.update(bytes.array());
      sums[v] = sum.getValue();
    }
    return sums;
  }

  private String what(int input) {
    return edges.inputs().size() == 1 ? "input" : "input" + input;
  }

  String main() {
    StringBuilder buffers = new StringBuilder();
    StringBuilder makes = new StringBuilder();
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < edges.inputs().size(); i++) {
      TensorType type = network.tensor(edges.inputs().get(i));
      String buffer = name + "_" + what(i);
      buffers.append("static %s %s[%d];\n".formatted(Scene.type(type), buffer, type.elements()));
      makes.append("    %s_make_%s(%s, %s);\n".formatted(name, what(i), kinds.text, buffer));
      arguments.add(buffer);
    }
    TensorType to = network.tensor(edges.output());
    buffers.append("static %s %s_output[%d];\n".formatted(Scene.type(to), name, to.elements()));
    arguments.add(name + "_output");
    return FRAME.fill(
        checksums ? "main-checksums" : to.isFloat() ? "main-numbers" : "main",
        Map.of(
            "network",
            CIdentifiers.comment(network.name()),
            "name",
            name,
            "upper",
            upper(),
            "buffers",
            buffers.toString(),
            "makes",
            makes.toString(),
            "arguments",
            String.join(", ", arguments),
            "size",
            to.elements(),
            "bits",
            to.isFloat()
                ? "%1$s_number_bits(%1$s_output[i])".formatted(name)
                : "(uint32_t)(int32_t)%s_output[i]".formatted(name),
            "numbers",
            to.isFloat() ? FRAME.fill("number-bits", Map.of("name", name)) : ""));
  }
}
