package dev.narrows.training.model;

import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.LayerInputs;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * A layer of an imported network that has no arrays of its own: a function, a pool, a move of
 * elements.
 *
 * @param layer of floats; reads tensors 0, 1, … in the order of {@code inputs}
 */
public record ImportedNode(String name, List<String> inputs, FunctionLayer layer) implements Node {
  public ImportedNode {
    inputs = List.copyOf(inputs);
  }

  /** Whether its output elements are elements of its inputs, or real zeros. */
  public boolean moves() {
    return LayerTraits.moves(layer);
  }

  /** The inputs as the layer lists them; one that it reads twice stands there twice. */
  public List<String> operands() {
    return layer.inputs().stream().map(inputs::get).toList();
  }

  /** The layer under a name, reading other tensors. */
  public Layer reading(String as, List<Integer> tensors) {
    return reading(as, tensors, layer.output());
  }

  /**
   * The layer under a name, reading other tensors.
   *
   * @param output of the same shape; codes if the tensors hold such
   */
  public Layer reading(String as, List<Integer> tensors, TensorType output) {
    return LayerInputs.renamed(LayerInputs.moved(layer, tensors::get), as, output);
  }

  @Override
  public FeatureMapShape shape(List<FeatureMapShape> in) {
    try {
      layer.check(layer.inputs().stream().map(i -> in.get(i).floats()).toList());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
    return FeatureMapShape.of(layer.output());
  }
}
