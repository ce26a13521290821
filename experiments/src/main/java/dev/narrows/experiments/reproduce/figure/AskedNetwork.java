package dev.narrows.experiments.reproduce.figure;

import java.util.Optional;

/**
 * A network that a figure is made on instead of its usual one.
 *
 * @param weights of it, trained in real numbers: a file of safetensors, or the folder of a run;
 *     empty: they are trained first
 */
public record AskedNetwork(PaperNetwork network, Optional<String> weights) {
  /** The network with images at a scale. */
  TestBed at(Scale scale) {
    return network.at(scale, weights);
  }
}
