package dev.narrows.experiments.analyze;

import dev.narrows.experiments.evaluate.Significance;
import dev.narrows.report.AnalysisBuilder;
import dev.narrows.report.AnalysisResult;
import dev.narrows.report.LayerAnalysis;
import dev.narrows.report.LayerOverflows;
import dev.narrows.report.LayerOverflows.ChannelProfile;
import dev.narrows.report.LayerOverflows.WidthCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The analysis of two disjoint sets of images together, from the analyses of each: counts add up
 * exactly, so a data set can be looked at in parts. What single layers' narrowing does, and a
 * target's verdict, are not merged.
 */
public final class AnalysisMerge {
  private AnalysisMerge() {}

  /**
   * Adds two analyses with data of one network.
   *
   * @throws IllegalArgumentException if they are of different networks, without data, or looked at
   *     different orders or conventions
   */
  public static AnalysisResult of(AnalysisResult one, AnalysisResult other) {
    require(one.network().sha256().equals(other.network().sha256()), "networks differ");
    require(one.images().isPresent() && other.images().isPresent(), "an analysis has no data");
    int images = one.images().get();
    int others = other.images().get();
    List<LayerAnalysis> layers = new ArrayList<>();
    require(one.layers().size() == other.layers().size(), "layers differ");
    for (int i = 0; i < one.layers().size(); i++) {
      LayerAnalysis layer = one.layers().get(i);
      Optional<LayerOverflows> merged =
          layer
              .profile()
              .flatMap(mine -> other.layers().get(layers.size()).profile().map(o -> add(mine, o)));
      layers.add(layer.withProfile(merged));
    }
    Optional<Long> correct =
        one.accuracy()
            .flatMap(a -> other.accuracy().map(b -> correct(a, images) + correct(b, others)));
    return new AnalysisBuilder(one.network(), layers)
        .seen(one.dataset().orElseThrow(), images + others)
        .accuracy(
            correct.map(right -> 100.0 * right / (images + others)),
            correct.map(right -> Significance.wilson(right, images + others)))
        .floatLayers(one.floatLayers())
        .platforms(
            one.platforms().flatMap(mine -> other.platforms().map(o -> PlatformMerge.of(mine, o))))
        .trained(one.trainedBits(), one.exactLayers())
        .hosted(one.hosted())
        .statedRegisters(one.statedRegisters())
        .steps(one.steps())
        .build();
  }

  /** The count that a percentage came from. */
  private static long correct(double percent, int images) {
    return Math.round(percent * images / 100);
  }

  private static LayerOverflows add(LayerOverflows one, LayerOverflows other) {
    require(
        one.order().equals(other.order())
            && one.zero().equals(other.zero())
            && one.bias().equals(other.bias()),
        "orders or conventions differ");
    Optional<List<ChannelProfile>> channels =
        one.channels().flatMap(mine -> other.channels().map(others -> channels(mine, others)));
    return new LayerOverflows(
        one.order(),
        one.zero(),
        one.bias(),
        one.dots() + other.dots(),
        widths(one.widths(), one.dots(), other.widths(), other.dots()),
        channels,
        one.channelWidths()
            .flatMap(mine -> other.channelWidths().map(others -> wider(mine, others))));
  }

  private static List<Integer> wider(List<Integer> one, List<Integer> other) {
    require(one.size() == other.size(), "channels differ");
    return IntStream.range(0, one.size())
        .mapToObj(c -> Math.max(one.get(c), other.get(c)))
        .toList();
  }

  private static List<ChannelProfile> channels(
      List<ChannelProfile> one, List<ChannelProfile> other) {
    require(one.size() == other.size(), "channels differ");
    List<ChannelProfile> sums = new ArrayList<>();
    for (int c = 0; c < one.size(); c++) {
      ChannelProfile mine = one.get(c);
      ChannelProfile others = other.get(c);
      sums.add(
          new ChannelProfile(
              c,
              mine.dots() + others.dots(),
              widths(mine.widths(), mine.dots(), others.widths(), others.dots())));
    }
    return sums;
  }

  /** Row by row; past the last row of a table every dot product is clean. */
  private static List<WidthCount> widths(
      List<WidthCount> one, long dots, List<WidthCount> other, long otherDots) {
    List<WidthCount> sums = new ArrayList<>();
    for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
      int bits = i < one.size() ? one.get(i).bits() : other.get(i).bits();
      WidthCount a = i < one.size() ? one.get(i) : new WidthCount(bits, dots, 0, 0);
      WidthCount b = i < other.size() ? other.get(i) : new WidthCount(bits, otherDots, 0, 0);
      sums.add(
          new WidthCount(
              bits,
              a.clean() + b.clean(),
              a.transientDots() + b.transientDots(),
              a.persistent() + b.persistent()));
    }
    return sums;
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException("analyses do not add up: " + problem);
    }
  }
}
