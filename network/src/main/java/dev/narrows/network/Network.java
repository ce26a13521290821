package dev.narrows.network;

import dev.narrows.network.check.Checks;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A network of layers. Tensor 0 is the input, layer i makes tensor i + 1, and the last layer's
 * tensor is the output. Further inputs, and states that are kept between calls, are layers that
 * read nothing ({@link InputLayer}).
 *
 * @param layers in an order in which each reads earlier tensors only; names are unique
 * @param metadata what travels with the network: "preprocess" in its text form, "classes", …
 */
public record Network(
    String name, TensorType input, List<Layer> layers, Map<String, String> metadata) {
  /** The key in the metadata of what stands for a program: what of it others compute. */
  public static final String PROGRAM = "program.hosted";

  /**
   * @throws IllegalArgumentException naming the layer whose name, inputs or shapes do not fit
   */
  public Network {
    layers = List.copyOf(layers);
    metadata = Map.copyOf(metadata);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("network \"" + name + "\" has no layers");
    }
    Checks.require(
        input.stored().isEmpty(),
        "a network's input is not rounded to %s: a store layer does that",
        input.kind());
    Set<String> names = new HashSet<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      try {
        check(layer, i, input, layers);
        Checks.require(!layer.name().isBlank(), "a layer's name must not be blank");
        Checks.require(names.add(layer.name()), "another layer has the same name");
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "layer %d \"%s\" (%s): %s".formatted(i, layer.name(), layer.kind(), e.getMessage()), e);
      }
    }
    long words = input.elements();
    for (Layer layer : layers) {
      if (layer instanceof InputLayer given) {
        checkFeedback(given, input, layers);
        words += given.isState() ? 0 : given.output().elements();
      }
    }
    Checks.require(words <= Integer.MAX_VALUE, "the inputs have more than 2^31 - 1 elements");
  }

  /** The type of tensor {@code index}: 0 is the input, i + 1 what layer i makes. */
  public TensorType tensor(int index) {
    return index == 0 ? input : layers.get(index - 1).output();
  }

  /** The tensors that a caller gives, in order: 0, then those of input layers without a state. */
  public List<Integer> inputs() {
    return IntStream.range(0, tensors())
        .filter(t -> t == 0 || layers.get(t - 1) instanceof InputLayer given && !given.isState())
        .boxed()
        .toList();
  }

  /** The words of one sample: those of {@link #inputs()}, one input after the other. */
  public int inputElements() {
    return inputs().stream().mapToInt(t -> tensor(t).elements()).sum();
  }

  /** The states that are kept between calls, by the index of their tensor, in order. */
  public Map<Integer, InputLayer.Feedback> states() {
    Map<Integer, InputLayer.Feedback> states = new LinkedHashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i) instanceof InputLayer state && state.feedback().isPresent()) {
        states.put(i + 1, state.feedback().get());
      }
    }
    return states;
  }

  /** The types of the tensors that a layer reads, in order. */
  public List<TensorType> sources(Layer layer) {
    return layer.inputs().stream().map(this::tensor).toList();
  }

  /** The type of the first tensor that a layer reads; its own where it reads none. */
  public TensorType first(Layer layer) {
    return layer.inputs().isEmpty() ? layer.output() : tensor(layer.inputs().getFirst());
  }

  /** The number of tensors, the input included. */
  public int tensors() {
    return layers.size() + 1;
  }

  /** The type of the last layer's tensor. */
  public TensorType output() {
    return layers.getLast().output();
  }

  /**
   * The layer of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Layer layer(String layer) {
    return layers.stream()
        .filter(candidate -> candidate.name().equals(layer))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no layer is named \"" + layer + "\""));
  }

  /** The layers with weights, in order. */
  public List<DotLayer> dotLayers() {
    return layers.stream().filter(DotLayer.class::isInstance).map(DotLayer.class::cast).toList();
  }

  /**
   * Whether it only stands for the sums of a program, and makes none of its outputs: its layers do
   * not read what they read in the program.
   */
  public boolean standsForProgram() {
    return metadata.containsKey(PROGRAM);
  }

  /** The name of tensor {@code index}: "input", or that of the layer that makes it. */
  public String tensorName(int index) {
    return index == 0 ? "input" : layers.get(index - 1).name();
  }

  /** The same network with layer {@code index} replaced by one of the same shape. */
  public Network withLayer(int index, Layer layer) {
    List<Layer> changed = new ArrayList<>(layers);
    changed.set(index, layer);
    return new Network(name, input, changed, metadata);
  }

  private static void checkFeedback(InputLayer state, TensorType input, List<Layer> layers) {
    if (state.feedback().isEmpty()) {
      return;
    }
    int source = state.feedback().get().tensor();
    try {
      Checks.require(
          source >= 0 && source <= layers.size(),
          "must be fed by a tensor of 0 to %d, got %d",
          layers.size(),
          source);
      state.checkFeedback(source == 0 ? input : layers.get(source - 1).output());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "state \"%s\": %s".formatted(state.name(), e.getMessage()), e);
    }
  }

  private static void check(Layer layer, int index, TensorType input, List<Layer> layers) {
    List<TensorType> sources = new ArrayList<>();
    for (int source : layer.inputs()) {
      Checks.require(
          source >= 0 && source <= index,
          "must read tensors 0 to %d, made before it, got %d",
          index,
          source);
      sources.add(source == 0 ? input : layers.get(source - 1).output());
    }
    layer.check(sources);
  }
}
