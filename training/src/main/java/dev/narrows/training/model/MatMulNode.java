package dev.narrows.training.model;

import java.util.List;

/**
 * Products of two activations, head by head, summed in a register like a dot layer's: queries and
 * keys (both H·d × T × 1) to scores H × T × T, or scores and values (H·d × T × 1) to H·d × T × 1.
 *
 * @param heads H
 */
public record MatMulNode(String name, String left, String right, AttentionProduct form, int heads)
    implements Node {
  /** What is multiplied with what. */
  public enum AttentionProduct {
    /** Queries with keys. */
    SCORES,
    /** Scores with values. */
    MIX
  }

  /**
   * K, the number of terms of one sum.
   *
   * @param leftShape of the left input
   */
  public int terms(FeatureMapShape leftShape) {
    return switch (form) {
      case SCORES -> leftShape.channels() / heads;
      case MIX -> leftShape.width();
    };
  }

  @Override
  public List<String> inputs() {
    return List.of(left, right);
  }

  @Override
  public FeatureMapShape shape(List<FeatureMapShape> in) {
    FeatureMapShape first = in.get(0);
    FeatureMapShape second = in.get(1);
    expect("columns of its right input", 1, second.width());
    expect("features beyond whole heads", 0, second.channels() % heads);
    return switch (form) {
      case SCORES -> {
        expect("features", first.channels(), second.channels());
        expect("columns of its left input", 1, first.width());
        yield new FeatureMapShape(heads, first.height(), second.height());
      }
      case MIX -> {
        expect("heads", heads, first.channels());
        expect("tokens", first.width(), second.height());
        yield new FeatureMapShape(second.channels(), first.height(), 1);
      }
    };
  }
}
