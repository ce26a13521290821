package dev.narrows.repair.network;

import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;

/** Dot layers that read another tensor. */
final class DotLayers {
  private DotLayers() {}

  static DotLayer reading(DotLayer layer, int tensor) {
    return switch (layer) {
      case Convolution v ->
          new Convolution(v.name(), tensor, v.output(), v.window(), v.groups(), v.operands());
      case TransposedConvolution t ->
          new TransposedConvolution(
              t.name(), tensor, t.output(), t.window(), t.groups(), t.operands());
      case Dense d -> new Dense(d.name(), tensor, d.output(), d.operands());
    };
  }
}
