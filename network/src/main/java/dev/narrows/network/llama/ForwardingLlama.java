package dev.narrows.network.llama;

import java.util.List;
import java.util.OptionalInt;

/**
 * A model that is another one but for what a subclass overrides. Layers that sum and the model as a
 * network are made from what it then says.
 */
public abstract class ForwardingLlama implements LlamaModel {
  private final LlamaModel model;

  /**
   * A model that is another one.
   *
   * @param model whose shape, weights, gains and biases these are
   */
  protected ForwardingLlama(LlamaModel model) {
    this.model = model;
  }

  @Override
  public LlamaShape shape() {
    return model.shape();
  }

  @Override
  public float epsilon() {
    return model.epsilon();
  }

  @Override
  public float rotaryBase() {
    return model.rotaryBase();
  }

  @Override
  public List<Float> rotaryDivisors() {
    return model.rotaryDivisors();
  }

  @Override
  public OptionalInt begin() {
    return model.begin();
  }

  @Override
  public float[] gains(LlamaNorm norm, int layer) {
    return model.gains(norm, layer);
  }

  @Override
  public float[] bias(LlamaMatrix matrix, int layer) {
    return model.bias(matrix, layer);
  }

  @Override
  public void rows(LlamaMatrix matrix, int layer, int first, int rows, float[] to) {
    model.rows(matrix, layer, first, rows, to);
  }
}
