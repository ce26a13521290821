package dev.narrows.training.imported;

import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.MovingLayer;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ParameterNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A tensor that depends on no input.
 *
 * @param origin name of the layer whose elements these are, moved and repeated
 * @param tensor its elements
 * @param places where each lies in the origin; −1 for a zero from elsewhere
 */
record KnownNumbers(String origin, ImageTensor tensor, int[] places) {
  static KnownNumbers of(Constant constant) {
    return own(constant.name(), new ImageTensor(constant.output(), constant.words()));
  }

  private static KnownNumbers own(String origin, ImageTensor tensor) {
    return new KnownNumbers(origin, tensor, IntStream.range(0, tensor.words().length).toArray());
  }

  /** What a layer makes of such tensors. */
  static KnownNumbers of(FunctionLayer layer, List<KnownNumbers> in) {
    ImageTensor made =
        new ImageTensor(layer.output(), layer.run(in.stream().map(KnownNumbers::tensor).toList()));
    if (!(layer instanceof MovingLayer moving) || in.size() != 1) {
      return own(layer.name(), made);
    }
    KnownNumbers from = in.getFirst();
    int[] places =
        Arrays.stream(moving.places()).map(place -> place < 0 ? -1 : from.places[place]).toArray();
    return new KnownNumbers(from.origin, made, places);
  }

  TensorType type() {
    return tensor.type();
  }

  /** Whether all elements come from one number. */
  boolean single() {
    return places[0] >= 0 && Arrays.stream(places).allMatch(place -> place == places[0]);
  }

  /** The first number. */
  float first() {
    return Words.number(tensor.words()[0]);
  }

  /** A layer that makes these elements. */
  Constant constant(String name) {
    return new Constant(name, type(), tensor.words());
  }

  /** The shape without repetitions: along an axis where all elements are the same ones, 1. */
  FeatureMapShape stored() {
    TensorType type = type();
    return new FeatureMapShape(
        repeats(type.channels(), type.positions()) ? 1 : type.channels(),
        repeats(type.height(), type.width()) ? 1 : type.height(),
        repeats(type.width(), 1) ? 1 : type.width());
  }

  /** Whether all indices of an axis have the same elements. */
  private boolean repeats(int size, int step) {
    return IntStream.range(0, places.length)
        .allMatch(i -> places[i] == places[i - i / step % size * step]);
  }

  /** The elements without repetitions, [C][H][W] of {@link #stored}. */
  float[] numbers() {
    return Words.numbers(Arrays.stream(firsts()).map(i -> tensor.words()[i]).toArray());
  }

  private int[] firsts() {
    FeatureMapShape stored = stored();
    TensorType type = type();
    return IntStream.range(0, stored.size())
        .map(i -> {
          int c = i / (stored.height() * stored.width());
          int y = i / stored.width() % stored.height();
          return type.at(c, y, i % stored.width());
        })
        .toArray();
  }

  /**
   * Whether they can be trained: finite floats, each of them one element of the origin that is
   * repeated along whole axes only.
   */
  boolean trainable() {
    if (!type().isFloat()) {
      return false;
    }
    Set<Integer> seen = new HashSet<>();
    return Arrays.stream(firsts())
        .allMatch(i ->
            places[i] >= 0
                && seen.add(places[i])
                && Float.isFinite(Words.number(tensor.words()[i])));
  }

  /**
   * The numbers by channel, if they differ by nothing else.
   *
   * @param from for each element, the place of another tensor's that it is combined with
   * @param positions of a channel of that tensor
   */
  Optional<float[]> byChannel(int[] from, int positions, int channels) {
    int[] found = new int[channels];
    Arrays.fill(found, -1);
    for (int i = 0; i < from.length; i++) {
      int channel = from[i] < 0 ? -1 : from[i] / positions;
      if (channel < 0 || found[channel] >= 0 && places[found[channel]] != places[i]) {
        return Optional.empty();
      }
      found[channel] = i;
    }
    float[] numbers = new float[channels];
    for (int c = 0; c < channels; c++) {
      if (found[c] < 0) {
        return Optional.empty();
      }
      numbers[c] = Words.number(tensor.words()[found[c]]);
    }
    return Optional.of(numbers);
  }

  ParameterNode parameters(String name) {
    return new ParameterNode(name, stored(), FeatureMapShape.of(type()));
  }
}
