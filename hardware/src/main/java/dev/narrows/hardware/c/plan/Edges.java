package dev.narrows.hardware.c.plan;

import dev.narrows.network.Network;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.RoundedQuantize;
import dev.narrows.network.layer.ScaledCodes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;

/**
 * The part of a network between codes and codes. Files often quantise their input and read their
 * output as real numbers; C begins with the codes behind the one and ends with those before the
 * other.
 *
 * @param inputs tensors that a caller gives
 * @param output the tensor that a caller gets
 * @param tensors what is made on the way, ascending, the output included
 * @param notes what was left out
 */
public record Edges(List<Integer> inputs, int output, List<Integer> tensors, List<String> notes) {
  public Edges {
    inputs = List.copyOf(inputs);
    tensors = List.copyOf(tensors);
    notes = List.copyOf(notes);
  }

  /** The part of a network. */
  public static Edges of(Network network) {
    List<String> notes = new ArrayList<>();
    int output = network.tensors() - 1;
    while (output > 0 && reads(made(network, output))) {
      Layer layer = made(network, output);
      notes.add(
          "the output is what \"%s\" (%s) would read: codes".formatted(layer.name(), layer.kind()));
      output = layer.inputs().getFirst();
    }
    List<Integer> inputs = new ArrayList<>();
    TreeSet<Integer> reached = ancestors(network, output, List.of());
    for (int input : network.inputs()) {
      if (!reached.contains(input)) {
        notes.add("input \"%s\" is not read".formatted(network.tensorName(input)));
      } else if (network.tensor(input).isFloat()) {
        int codes = quantized(network, input, reached);
        if (codes != input) {
          Layer layer = made(network, codes);
          notes.add(
              "the input is what \"%s\" (%s) would make: codes"
                  .formatted(layer.name(), layer.kind()));
        }
        inputs.add(codes);
      } else {
        inputs.add(input);
      }
    }
    TreeSet<Integer> tensors = ancestors(network, output, inputs);
    tensors.removeAll(inputs);
    return new Edges(inputs, output, List.copyOf(tensors), notes);
  }

  private static boolean reads(Layer layer) {
    return layer instanceof Dequantize || layer instanceof ScaledCodes;
  }

  /** The layer that makes a tensor; of tensor 0, which nothing makes, the first layer. */
  private static Layer made(Network network, int tensor) {
    return network.layers().get(Math.max(0, tensor - 1));
  }

  /** The only quantised form that is read of an input of real numbers; else the input itself. */
  private static int quantized(Network network, int input, TreeSet<Integer> reached) {
    List<Integer> readers =
        reached.stream().filter(t -> t > 0 && made(network, t).inputs().contains(input)).toList();
    if (readers.size() == 1) {
      Layer reader = made(network, readers.getFirst());
      if (reader instanceof Quantize || reader instanceof RoundedQuantize) {
        return readers.getFirst();
      }
    }
    return input;
  }

  private static TreeSet<Integer> ancestors(Network network, int output, List<Integer> stops) {
    TreeSet<Integer> seen = new TreeSet<>();
    Deque<Integer> open = new ArrayDeque<>(List.of(output));
    while (!open.isEmpty()) {
      int tensor = open.pop();
      if (seen.add(tensor) && tensor > 0 && !stops.contains(tensor)) {
        open.addAll(made(network, tensor).inputs());
      }
    }
    return seen;
  }

  /** Whether a tensor is a state, which a caller does not give. */
  public static boolean isState(Network network, int tensor) {
    return tensor > 0 && made(network, tensor) instanceof InputLayer input && input.isState();
  }
}
