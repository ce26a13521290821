package dev.narrows.training.model;

import dev.narrows.training.model.ParameterSpec.ParameterRole;
import java.util.List;

/**
 * A node that takes floating-point numbers only, as a transformer has them beside its dot layers. A
 * sequence of T tokens with D features is D × T × 1; a dense layer of each token is a convolution
 * with a kernel of 1.
 */
public sealed interface FloatNode extends Node {
  /** The error for a request to quantise this node. */
  default IllegalArgumentException noIntegers() {
    return new IllegalArgumentException("node " + name() + " takes floating-point numbers only");
  }

  /** A row of a trained table for every token. Weights [rows][depth]. */
  record EmbeddingNode(String name, String input, int rows, int depth) implements FloatNode {
    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public FeatureMapShape shape(List<FeatureMapShape> in) {
      expect("input channels", 1, in.getFirst().channels());
      return new FeatureMapShape(depth, in.getFirst().height(), in.getFirst().width());
    }

    @Override
    public List<ParameterSpec> parameters(FeatureMapShape out) {
      return List.of(new ParameterSpec(name + ".weight", name, ParameterRole.TABLE, rows, depth));
    }
  }

  /**
   * Learned positions: a trained number is added to every element. Weights [positions][features].
   */
  record PositionsNode(String name, String input) implements FloatNode {
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
      return List.of(
          new ParameterSpec(
              name + ".weight",
              name,
              ParameterRole.POSITIONS,
              out.height() * out.width(),
              out.channels()));
    }
  }

  /** Each token's features brought to mean 0 and variance 1, then scaled and shifted. */
  record LayerNormNode(String name, String input) implements FloatNode {
    /** Added to the variance. */
    public static final float EPSILON = 1e-5f;

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
      int channels = out.channels();
      return List.of(
          new ParameterSpec(name + ".weight", name, ParameterRole.NORM_SCALE, channels, 1),
          new ParameterSpec(name + ".bias", name, ParameterRole.NORM_SHIFT, channels, 1));
    }
  }
}
