package dev.narrows.network.onnx.edit;

import dev.narrows.network.LayerConstants;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.onnx.proto.ModelProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds where the constants of layers lie. Every element of every constant that may be a weight or
 * bias has a number. The file is read with the first digit of each number in its element's place,
 * then with the second, and so on, in a base that the constants can hold; what layers then have
 * spells the numbers. A layer whose numbers do not agree with its own weights has no origin.
 */
final class ConstantSearch {
  private static final int MOST = 100;
  private static final int FEW = 4; // below that digits begin at 0, else at 1

  /** Reads a model as its network. */
  @FunctionalInterface
  interface ProtoReading {
    Network read(ModelProto model) throws IOException;
  }

  private final ModelProto model;
  private final Network network;
  private final ProtoReading reading;
  private final List<ConstantSlot> slots;
  private final List<ConstantSlot> biases;

  ConstantSearch(
      ModelProto model, Network network, ProtoReading reading, List<ConstantSlot> slots) {
    this.model = model;
    this.network = network;
    this.reading = reading;
    this.slots = slots.stream().filter(slot -> !slot.isBias() && most(slot) > 0).toList();
    this.biases = slots.stream().filter(ConstantSlot::isBias).toList();
  }

  private static long most(ConstantSlot slot) {
    return Math.max(slot.range().max(), -slot.range().min());
  }

  /** The origins by layer; none if the file is another network with other constants. */
  Map<String, LayerOrigin> origins() throws IOException {
    long most = slots.stream().mapToLong(ConstantSearch::most).min().orElse(0);
    long total = slots.stream().mapToLong(ConstantSlot::elements).sum();
    if (most == 0 || total > Integer.MAX_VALUE) {
      return Map.of();
    }
    int first = most >= FEW ? 1 : 0;
    int base = (int) Math.min(MOST, most) + 1 - first;
    Map<String, long[]> numbers = new HashMap<>();
    Map<String, int[]> biasNumbers = new HashMap<>();
    long place = 1;
    for (boolean more = true; more; more = place < total) {
      Network read;
      try {
        read = reading.read(marked(base, first, place));
      } catch (NetworkFileException | IllegalArgumentException e) {
        return Map.of(); // what the file makes depends on its weights
      }
      for (DotLayer layer : read.dotLayers()) {
        if (!layer.isFloat()) {
          LayerConstants constants = LayerConstants.of(layer.integers());
          long[] to =
              numbers.computeIfAbsent(layer.name(), n -> new long[constants.weights().length]);
          add(to, constants.weights(), first, place);
          if (place == 1) {
            biasNumbers.put(layer.name(), constants.bias());
          }
        }
      }
      place *= base;
    }
    Map<String, LayerOrigin> origins = new TreeMap<>();
    for (DotLayer layer : network.dotLayers()) {
      long[] found = numbers.get(layer.name());
      int[] bias = biasNumbers.get(layer.name());
      if (found != null && bias != null && !layer.isFloat()) {
        origin(LayerConstants.of(layer.integers()), found, bias)
            .ifPresent(origin -> origins.put(layer.name(), origin));
      }
    }
    return origins;
  }

  private static void add(long[] numbers, int[] weights, int first, long place) {
    for (int i = 0; i < Math.min(numbers.length, weights.length); i++) {
      numbers[i] += (Math.abs((long) weights[i]) - first) * place;
    }
  }

  private ModelProto marked(int base, int first, long place) {
    ProtoEdits edits = new ProtoEdits(model);
    long number = 0;
    for (ConstantSlot slot : slots) {
      int sign = slot.range().max() >= -slot.range().min() ? 1 : -1;
      int[] values = new int[slot.elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = sign * (int) (number++ / place % base + first);
      }
      edits.put(slot.node(), slot.role().codes(), slot.holding(values, slot.elementScales()));
    }
    int bias = 1;
    for (ConstantSlot slot : biases) {
      int[] values = new int[slot.elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = bias++;
      }
      edits.put(slot.node(), slot.role().codes(), slot.holding(values, slot.elementScales()));
    }
    return edits.model();
  }

  private Optional<LayerOrigin> origin(LayerConstants own, long[] numbers, int[] bias) {
    int channels = own.bias().length;
    if (numbers.length != own.weights().length
        || bias.length != channels
        || channels == 0
        || numbers.length == 0) {
      return Optional.empty();
    }
    Optional<Part> weights = part(slots, numbers);
    if (weights.isEmpty()) {
      return Optional.empty();
    }
    int terms = numbers.length / channels;
    int[] given = weights.get().slot().values();
    boolean[] negated = new boolean[channels];
    for (int i = 0; i < numbers.length; i++) {
      int value = given[weights.get().elements()[i]];
      int weight = own.weights()[i];
      if (value != weight && value == -weight) {
        negated[i / terms] = true;
      }
    }
    for (int i = 0; i < numbers.length; i++) {
      int value = given[weights.get().elements()[i]];
      if (own.weights()[i] != (negated[i / terms] ? -value : value)) {
        return Optional.empty();
      }
    }
    Optional<Part> biases = biasPart(own, bias, negated);
    return Optional.of(
        new LayerOrigin(
            weights.get().slot(),
            weights.get().elements(),
            negated,
            biases.map(Part::slot),
            biases.map(Part::elements).orElse(new int[0])));
  }

  private Optional<Part> biasPart(LayerConstants own, int[] bias, boolean[] negated) {
    long[] numbers = new long[bias.length];
    for (int c = 0; c < bias.length; c++) {
      numbers[c] = (negated[c] ? -bias[c] : bias[c]) - 1L;
    }
    Optional<Part> found = part(biases, numbers);
    if (found.isPresent()) {
      int[] given = found.get().slot().values();
      for (int c = 0; c < bias.length; c++) {
        int value = given[found.get().elements()[c]];
        if (own.bias()[c] != (negated[c] ? -value : value)) {
          return Optional.empty();
        }
      }
    }
    return found;
  }

  private record Part(ConstantSlot slot, int[] elements) {}

  /** The one constant that has all these numbers. */
  private static Optional<Part> part(List<ConstantSlot> slots, long[] numbers) {
    long start = 0;
    List<Part> found = new ArrayList<>();
    for (ConstantSlot slot : slots) {
      long begin = start;
      long end = start + slot.elements();
      if (Arrays.stream(numbers).allMatch(number -> number >= begin && number < end)) {
        found.add(
            new Part(
                slot, Arrays.stream(numbers).mapToInt(number -> (int) (number - begin)).toArray()));
      }
      start = end;
    }
    return found.stream().findFirst();
  }
}
