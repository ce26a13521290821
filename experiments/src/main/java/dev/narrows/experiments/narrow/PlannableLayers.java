package dev.narrows.experiments.narrow;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.analyze.Analysis;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerOverflowProfile;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.report.LayerAnalysis;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The layers of a network that a register is chosen for: those that sum integers in no register of
 * their own.
 *
 * @param layers in the order of the network
 * @param exact names of the others that sum
 */
record PlannableLayers(List<Candidate> layers, List<String> exact) {
  /** What processors sum in. */
  private static final int COMMON = 32;

  private static final Pattern WIDTH = Pattern.compile("int(\\d{1,2})\\b.*");

  /**
   * One layer.
   *
   * @param bounds what is known of it without data
   * @param own bits that its file's runtime sums in
   * @param macs multiplications of one image
   * @param weight what a bit of its register costs
   */
  record Candidate(SummingLayer layer, LayerAnalysis bounds, int own, long macs, double weight) {
    String name() {
      return layer.name();
    }

    /** The width that no input overflows. */
    int safe() {
      return bounds.bounds().signSum();
    }
  }

  /**
   * Looks at a model.
   *
   * @throws BadInputException if there is no such layer
   */
  static PlannableLayers of(ModelFile model, PlanRequest request) {
    Network network = model.network();
    Map<String, LayerAnalysis> bounds = new HashMap<>();
    new Analysis(model, widest(request.way()), false, request.threads())
        .bounds()
        .layers()
        .forEach(layer -> bounds.put(layer.name(), layer));
    List<Candidate> layers = new ArrayList<>();
    List<String> exact = new ArrayList<>();
    for (LayerRegister register : LayerRegisters.exact().of(network)) {
      LayerAnalysis known = bounds.get(register.layer());
      if (network.layer(register.layer()) instanceof SummingLayer sums && !sums.isFloat()) {
        if (known == null || register.origin() != LayerRegister.Origin.BASE) {
          exact.add(register.layer());
        } else {
          layers.add(
              new Candidate(
                  sums,
                  known,
                  own(known),
                  (long) sums.output().elements() * LayerRegisters.terms(network, sums),
                  request.weights().of(network, sums)));
        }
      }
    }
    if (layers.isEmpty()) {
      throw new BadInputException(
          model.path()
              + ": no layer sums integers in a register to choose; narrows quantize makes a network of integers");
    }
    request.offered().requireOneKind(layers.stream().mapToInt(Candidate::safe).max().orElse(0));
    return new PlannableLayers(layers, exact);
  }

  private static int own(LayerAnalysis layer) {
    Matcher width = WIDTH.matcher(layer.runtimeRegister().orElse(""));
    return width.matches() ? Integer.parseInt(width.group(1)) : COMMON;
  }

  /** The way of summing in a register whose width does not matter. */
  static Summation widest(Summation way) {
    return new Summation(new Saturating(Accumulator.MAX_BITS), way.order(), way.zero(), way.bias());
  }

  List<String> names() {
    return layers.stream().map(Candidate::name).toList();
  }

  /** How sums of the layers fare in exact execution, by layer name. */
  static Map<String, OverflowProfile> seen(
      Network network, NetworkInputs inputs, PlanRequest request, IntConsumer progress) {
    Map<String, OverflowProfile> profiles = new HashMap<>();
    try (NetworkRunner runner = inputs.runner(network, LayerRegisters.exact(), request.threads())) {
      List<LayerOverflowProfile> found =
          runner
              .run(
                  inputs.source(),
                  inputs
                      .options()
                      .withProfiles(new RunOptions.Profiling(widest(request.way()), false))
                      .withProgress(progress))
              .profiles();
      found.forEach(profile -> profiles.put(profile.layer(), profile.total()));
    }
    return profiles;
  }

  /** How many dot products end wrong, or may, in a register of {@code bits} bits. */
  static long missed(OverflowProfile profile, Summation way, int bits) {
    long persistent = profile.count(OverflowClass.PERSISTENT, bits);
    boolean settled = way.withBits(bits).accumulator().endsExact(bits, Accumulator.MAX_BITS);
    return settled ? persistent : persistent + profile.count(OverflowClass.TRANSIENT, bits);
  }

  /** The narrowest register that no dot product of a profile overflows. */
  static int seenBits(OverflowProfile profile, Summation way) {
    int bits = Math.max(2, profile.widestPath());
    while (bits > 2 && missed(profile, way, bits - 1) == 0) {
      bits--;
    }
    return bits;
  }

  /** The narrowest of some widths that has at least so many bits. */
  static Optional<Integer> enough(List<Integer> widths, int bits) {
    return widths.stream().filter(width -> width >= bits).findFirst();
  }
}
