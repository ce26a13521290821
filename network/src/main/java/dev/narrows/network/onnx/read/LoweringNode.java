package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.onnx.graph.OnnxAttributes;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * One node on its way into a network: what it reads, where its layers go, what its outputs are.
 *
 * @param graph the graph it belongs to
 */
public record LoweringNode(GraphLowering graph, OnnxNode node) {
  /** The node's attributes. */
  public OnnxAttributes attributes() {
    return node.attributes();
  }

  /** The version of the operators of the node's domain. */
  public int opset() {
    return graph.opset(node.domain());
  }

  /** Input {@code number} as it is, perhaps codes that are yet to be dequantised. */
  public LoweredValue value(int number) throws NotNativeException {
    return graph.value(name(number));
  }

  /**
   * Input {@code number} as numbers: its own tensor, or a layer that dequantises it.
   *
   * @throws NotNativeException if its elements are no numbers
   */
  public LoweredValue floats(int number) throws NotNativeException {
    return graph.floats(name(number));
  }

  /** Input {@code number} if it is a constant. */
  public Optional<NdTensor> constant(int number) {
    return node.has(number) ? graph.constant(node.input(number)) : Optional.empty();
  }

  /**
   * The constant that input {@code number} is.
   *
   * @param what its role, for the message
   * @throws NotNativeException if it is none
   */
  public NdTensor required(int number, String what) throws NotNativeException {
    return constant(number).orElseThrow(() -> new NotNativeException(what + " is no constant"));
  }

  /** Whether input {@code number} is given. */
  public boolean has(int number) {
    return node.has(number);
  }

  /** Whether input {@code number} is given and is not known to be empty. */
  boolean holds(int number) {
    return has(number) && constant(number).map(NdTensor::elements).orElse(1) > 0;
  }

  private String name(int number) {
    if (!node.has(number)) {
      throw new IllegalArgumentException("input %d is missing".formatted(number));
    }
    return node.input(number);
  }

  /** The type of a tensor of the network. */
  public TensorType type(int tensor) {
    return graph.type(tensor);
  }

  /** A name for a layer of this node that no layer has yet. */
  public String unique() {
    return graph.unique(node.name());
  }

  /** A name for a helping layer of this node, such as one that moves elements. */
  public String unique(String suffix) {
    return graph.unique(node.name() + "." + suffix);
  }

  /** Adds a layer; the index of its tensor. */
  public int add(Layer layer) {
    return graph.add(layer);
  }

  /**
   * The tensor of a value in another factorisation into channels, rows and columns; the order of
   * the words stays.
   */
  public int shaped(int tensor, int channels, int height, int width) {
    TensorType type = graph.type(tensor);
    TensorType to = type.shaped(channels, height, width);
    return type.sameShape(to)
        ? tensor
        : add(Rearrange.joined(unique("shape"), List.of(tensor), to));
  }

  /**
   * The name of the first output.
   *
   * @throws IllegalArgumentException if there is none
   */
  String output() {
    if (node.outputs().isEmpty()) {
      throw new IllegalArgumentException("it has no outputs");
    }
    return node.outputs().getFirst();
  }

  /** Says that output {@code number} is a tensor of these dimensions. */
  public void put(int number, int tensor, List<Integer> dims, NdType type)
      throws NotNativeException {
    put(number, new LoweredValue(tensor, dims, type));
  }

  /**
   * Says what output {@code number} is. Numbers that are computed in a narrower type than binary32
   * are rounded to it.
   */
  public void put(int number, LoweredValue value) throws NotNativeException {
    putAs(number, FloatTypes.computed(this, value));
  }

  /** Says what output {@code number} is, whatever the node computes in. */
  public void putAs(int number, LoweredValue value) {
    if (number < node.outputs().size() && !node.outputs().get(number).isEmpty()) {
      graph.put(node.outputs().get(number), value);
    }
  }

  /** Says that output {@code number} is a constant. */
  public void put(int number, NdTensor constant) {
    if (number < node.outputs().size() && !node.outputs().get(number).isEmpty()) {
      graph.putConstant(node.outputs().get(number), constant);
    }
  }

  /** Whether an output beyond the first is wanted. */
  public boolean wants(int number) {
    return number < node.outputs().size() && !node.outputs().get(number).isEmpty();
  }
}
