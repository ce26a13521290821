package dev.narrows.repair.network;

import java.util.List;

/** A guarantee that a network can only have without some of its channels. */
public final class CannotRepairException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private static final int MOST_NAMED = 5;

  /** Names the first few channels of a layer that would be left without weights. */
  static CannotRepairException zero(String layer, List<Integer> channels, String register) {
    String named =
        String.join(", ", channels.stream().limit(MOST_NAMED).map(String::valueOf).toList());
    return new CannotRepairException(
        "layer \"%s\": %s %s%s would lose all weights in %s: more bits, --activations narrow, or"
                .formatted(
                    layer,
                    channels.size() == 1 ? "channel" : "channels",
                    named,
                    channels.size() > MOST_NAMED
                        ? " and " + (channels.size() - MOST_NAMED) + " more"
                        : "",
                    register)
            + " --exclude leave some; --allow-zero accepts it");
  }

  CannotRepairException(String message) {
    super(message);
  }
}
