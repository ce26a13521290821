package dev.narrows.training.model;

import dev.narrows.training.model.ParameterSpec.ParameterRole;
import java.util.List;

/**
 * Trained numbers that are the same for every example, such as the slopes of a PReLU or the gains
 * of a layer norm. They stand for a tensor of {@code shape}; along axes where {@code stored} has
 * size 1 they are repeated.
 *
 * @param stored the array's own shape
 */
public record ParameterNode(String name, FeatureMapShape stored, FeatureMapShape shape)
    implements Node {
  /** Its array. */
  public String array() {
    return name + ".value";
  }

  @Override
  public List<String> inputs() {
    return List.of();
  }

  @Override
  public FeatureMapShape shape(List<FeatureMapShape> in) {
    return shape;
  }

  @Override
  public List<ParameterSpec> parameters(FeatureMapShape out) {
    return List.of(new ParameterSpec(array(), name, ParameterRole.CONSTANT, stored.size(), 1));
  }

  /** The numbers, repeated: [C][H][W] of {@code shape}. */
  public float[] repeated(float[] numbers) {
    float[] all = new float[shape.size()];
    int positions = shape.height() * shape.width();
    for (int i = 0; i < all.length; i++) {
      int c = stored.channels() == 1 ? 0 : i / positions;
      int y = stored.height() == 1 ? 0 : i / shape.width() % shape.height();
      int x = stored.width() == 1 ? 0 : i % shape.width();
      all[i] = numbers[(c * stored.height() + y) * stored.width() + x];
    }
    return all;
  }
}
