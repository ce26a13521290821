package dev.narrows.benchmarks;

import java.util.Optional;
import java.util.function.Function;

/**
 * A kernel as it is measured.
 *
 * @param name an accumulator's text, or what is done besides
 * @param about what the name leaves open; may be empty
 * @param limit what the processor allows; empty where nobody has derived it
 * @param floor the least share of the yardstick that the project accepts on one thread
 * @param work of a shape; each belongs to one thread
 */
record KernelCase(
    String name,
    String about,
    Optional<PortLimit> limit,
    Optional<Double> floor,
    Function<KernelShape, KernelWork> work) {

  static KernelCase of(String name, String about, Function<KernelShape, KernelWork> work) {
    return new KernelCase(name, about, Optional.empty(), Optional.empty(), work);
  }

  KernelCase limited(PortLimit derived) {
    return new KernelCase(name, about, Optional.of(derived), floor, work);
  }

  KernelCase atLeast(double share) {
    return new KernelCase(name, about, limit, Optional.of(share), work);
  }
}
