package dev.narrows.repair.network;

import dev.narrows.network.layer.DotLayer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Layers that repairs of one network made, each known by the registers of all layers up to it: in
 * the same registers, a repair would make the same again. The oldest are dropped when their weights
 * are too many.
 */
final class KeptRepairs {
  /** Weights that are kept, 256 MiB. */
  private static final long MOST_WEIGHTS = 1L << 26;

  private final long most;
  private final Map<List<String>, KeptLayer> layers = new LinkedHashMap<>();
  private long weights;

  private KeptRepairs(long most) {
    this.most = most;
  }

  /**
   * A layer as a repair left it.
   *
   * @param narrowing of its inputs
   * @param together whether its channels share a scale
   * @param few what there is to say where dot products are few
   * @param note what else a user should know
   */
  record KeptLayer(
      DotLayer layer,
      Optional<InputNarrowing> narrowing,
      RepairedLayer summary,
      boolean together,
      Optional<String> few,
      Optional<String> note) {
    private long weights() {
      return (long) layer.integers().channels() * layer.integers().terms();
    }
  }

  /** Keeps nothing: for a single repair. */
  static KeptRepairs nothing() {
    return of(0);
  }

  /** Keeps what it is given, up to 256 MiB. */
  static KeptRepairs empty() {
    return of(MOST_WEIGHTS);
  }

  /** Keeps layers of so many weights. */
  static KeptRepairs of(long most) {
    return new KeptRepairs(most);
  }

  /**
   * The layer that a repair made.
   *
   * @param way the registers of all layers up to it, its own last
   */
  Optional<KeptLayer> of(List<String> way) {
    return Optional.ofNullable(layers.get(way));
  }

  void put(List<String> way, KeptLayer layer) {
    if (layer.weights() > most) {
      return;
    }
    layers.put(List.copyOf(way), layer);
    weights += layer.weights();
    while (weights > most) {
      KeptLayer oldest = layers.remove(layers.keySet().iterator().next());
      weights -= oldest == null ? 0 : oldest.weights();
    }
  }
}
