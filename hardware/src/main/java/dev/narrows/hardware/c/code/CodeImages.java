package dev.narrows.hardware.c.code;

import dev.narrows.network.Network;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.IntegerFunction;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MovingLayer;
import dev.narrows.network.layer.PointwiseLayer;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.ScaledCodes;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tensors of real numbers that are functions of one code at a place, the same at every place. A
 * table stands for whatever lies between: each entry is computed by the layers themselves, so that
 * exponentials need no library and no bit can differ.
 */
final class CodeImages {
  private static final int MOST_BITS = 8;
  private static final int MOST_CONSTANTS = 1 << 22; // elements

  private final Network network;
  private final Map<Integer, Optional<FunctionOfCode>> images = new HashMap<>();
  private final Map<Integer, Optional<int[]>> constants = new HashMap<>();

  /**
   * A function of one code.
   *
   * @param source the tensor of codes
   * @param words what each code becomes, from the smallest of its format on
   */
  record FunctionOfCode(int source, int[] words) {}

  CodeImages(Network network) {
    this.network = network;
  }

  private Layer made(int tensor) {
    return network.layers().get(tensor - 1);
  }

  /** What a tensor is of codes of at most 8 bits: of one that holds such codes, they themselves. */
  Optional<FunctionOfCode> of(int tensor) {
    Optional<FunctionOfCode> known = images.get(tensor);
    if (known == null) {
      known = find(tensor);
      images.put(tensor, known);
    }
    return known;
  }

  private Optional<FunctionOfCode> find(int tensor) {
    TensorType type = network.tensor(tensor);
    if (!type.isFloat()) {
      int bits = type.quantization().format().bits();
      int least = (int) type.quantization().format().min();
      int[] codes = new int[bits > MOST_BITS ? 0 : 1 << bits];
      Arrays.setAll(codes, i -> least + i);
      return bits > MOST_BITS ? Optional.empty() : Optional.of(new FunctionOfCode(tensor, codes));
    }
    return tensor == 0 ? Optional.empty() : behind(made(tensor));
  }

  /** What a layer makes of one code, whether codes again or numbers. */
  Optional<FunctionOfCode> behind(Layer layer) {
    return switch (layer) {
      case IntegerFunction exact when exact.exact() -> Optional.empty(); // it may fail
      case PointwiseLayer point -> of(point.input()).flatMap(image -> applied(point, image));
      case Elementwise pair -> paired(pair);
      case MovingLayer moved -> asItIs(moved);
      case Flatten flat -> asItIs(flat);
      default -> Optional.empty();
    };
  }

  /**
   * Through layers that move elements, if each ends where it began in C's order, [H][W][C]: files
   * turn tensors into another shape, and back.
   */
  private Optional<FunctionOfCode> asItIs(FunctionLayer layer) {
    Optional<int[]> places = MoveCode.of(network, layer).flatMap(MoveCode::ofOneInput);
    int from = layer.inputs().getFirst();
    while (places.isPresent()) {
      int[] here = places.get();
      if (isInPlace(here, network.tensor(from).elements())) {
        return of(from);
      }
      Optional<FunctionLayer> before = mover(from);
      if (before.isEmpty()) {
        return Optional.empty();
      }
      places =
          MoveCode.of(network, before.get())
              .flatMap(MoveCode::ofOneInput)
              .map(there -> Arrays.stream(here).map(at -> there[at]).toArray());
      from = before.get().inputs().getFirst();
    }
    return Optional.empty();
  }

  private Optional<FunctionLayer> mover(int tensor) {
    return tensor > 0
            && made(tensor) instanceof FunctionLayer layer
            && (layer instanceof MovingLayer || layer instanceof Flatten)
        ? Optional.of(layer)
        : Optional.empty();
  }

  private static boolean isInPlace(int[] places, int elements) {
    boolean same = places.length == elements;
    for (int i = 0; i < places.length && same; i++) {
      same = places[i] == i;
    }
    return same;
  }

  private Optional<FunctionOfCode> applied(PointwiseLayer layer, FunctionOfCode image) {
    TensorType from = network.tensor(layer.input());
    int[] words = apply(layer, from, 0, image);
    boolean byChannel = layer instanceof ScaledCodes || layer instanceof Rescale;
    for (int c = 1; byChannel && c < layer.output().channels(); c++) {
      if (!Arrays.equals(words, apply(layer, from, c, image))) {
        return Optional.empty();
      }
    }
    return Optional.of(new FunctionOfCode(image.source(), Words.stored(layer.output(), words)));
  }

  private static int[] apply(
      PointwiseLayer layer, TensorType from, int channel, FunctionOfCode image) {
    return Arrays.stream(image.words()).map(word -> layer.apply(from, channel, word)).toArray();
  }

  /** Of one tensor with itself, or with a number. */
  private Optional<FunctionOfCode> paired(Elementwise pair) {
    Optional<FunctionOfCode> left = of(pair.left());
    Optional<FunctionOfCode> right = of(pair.right());
    Optional<FunctionOfCode> known = left.or(() -> right);
    if (known.isEmpty()) {
      return Optional.empty();
    }
    int count = known.get().words().length;
    Optional<int[]> a = left.map(FunctionOfCode::words).or(() -> number(pair.left(), count));
    Optional<int[]> b = right.map(FunctionOfCode::words).or(() -> number(pair.right(), count));
    boolean together =
        left.isEmpty() || right.isEmpty() || left.get().source() == right.get().source();
    if (a.isEmpty() || b.isEmpty() || !together) {
      return Optional.empty();
    }
    int[] words = new int[count];
    Arrays.setAll(
        words,
        i ->
            Words.canonical(
                pair.operation().apply(Words.number(a.get()[i]), Words.number(b.get()[i]))));
    return Optional.of(
        new FunctionOfCode(known.get().source(), Words.stored(pair.output(), words)));
  }

  /** A tensor of one number everywhere, so often. */
  private Optional<int[]> number(int tensor, int count) {
    return constant(tensor)
        .filter(words -> Arrays.stream(words).allMatch(word -> word == words[0]))
        .map(words -> {
          int[] all = new int[count];
          Arrays.fill(all, words[0]);
          return all;
        });
  }

  /** The words of a tensor that is the same in every run, [C][H][W]. */
  Optional<int[]> constant(int tensor) {
    Optional<int[]> known = constants.get(tensor);
    if (known == null) {
      known = tensor == 0 ? Optional.empty() : computed(made(tensor));
      constants.put(tensor, known);
    }
    return known;
  }

  private Optional<int[]> computed(Layer layer) {
    if (layer instanceof Constant constant) {
      return Optional.of(constant.words());
    }
    if (!(layer instanceof FunctionLayer function)
        || layer.inputs().isEmpty()
        || layer.output().elements() > MOST_CONSTANTS) {
      return Optional.empty();
    }
    List<Optional<int[]>> in = layer.inputs().stream().map(this::constant).toList();
    if (!in.stream().allMatch(Optional::isPresent)) {
      return Optional.empty();
    }
    List<ImageTensor> tensors =
        layer.inputs().stream()
            .map(input -> new ImageTensor(network.tensor(input), constant(input).orElseThrow()))
            .toList();
    return Optional.of(Words.stored(layer.output(), function.run(tensors)));
  }
}
