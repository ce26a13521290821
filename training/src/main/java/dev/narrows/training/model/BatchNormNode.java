package dev.narrows.training.model;

import java.util.List;

/** A batch norm that follows no dot layer. */
public record BatchNormNode(String name, String input, BatchNorm norm) implements Node {
  @Override
  public List<String> inputs() {
    return List.of(input);
  }

  @Override
  public FeatureMapShape shape(List<FeatureMapShape> in) {
    return in.getFirst();
  }

  @Override
  public List<ParameterSpec> parameters(FeatureMapShape out) {
    return ParameterSpec.of(norm, name, out.channels());
  }
}
