package dev.narrows.report;

import java.util.List;

/**
 * A step of a network and what it reads, so that a page can draw the network.
 *
 * @param name unique in its network
 * @param kind conv2d, add, softmax, …
 * @param inputs the names of the steps it reads, in order; an empty one is what the network is
 *     given
 */
public record NetworkStep(String name, String kind, List<String> inputs) {
  /** What stands for the network's first input; no step has an empty name. */
  public static final String NETWORK_INPUT = "";

  /** Copies the list. */
  public NetworkStep {
    inputs = List.copyOf(inputs);
  }
}
