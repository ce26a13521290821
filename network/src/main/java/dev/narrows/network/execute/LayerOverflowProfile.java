package dev.narrows.network.execute;

import dev.narrows.core.dot.OverflowProfile;
import java.util.ArrayList;
import java.util.List;

/**
 * How the dot products of one layer fare at every width.
 *
 * @param register the order and conventions looked at
 * @param total over all channels
 * @param channels per output channel, or empty when not asked for
 */
public record LayerOverflowProfile(
    LayerRegister register, OverflowProfile total, List<OverflowProfile> channels) {
  public LayerOverflowProfile {
    channels = List.copyOf(channels);
  }

  /** The layer's name. */
  public String layer() {
    return register.layer();
  }

  /** The profile of both runs together; exact, whatever the split. */
  public LayerOverflowProfile plus(LayerOverflowProfile other) {
    if (channels.size() != other.channels.size() || !layer().equals(other.layer())) {
      throw new IllegalArgumentException(
          "profiles of %s and %s do not add up".formatted(layer(), other.layer()));
    }
    List<OverflowProfile> sums = new ArrayList<>();
    for (int c = 0; c < channels.size(); c++) {
      sums.add(channels.get(c).plus(other.channels.get(c)));
    }
    return new LayerOverflowProfile(register, total.plus(other.total), sums);
  }
}
