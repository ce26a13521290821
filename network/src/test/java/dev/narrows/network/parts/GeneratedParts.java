package dev.narrows.network.parts;

import dev.narrows.core.dot.Decisions;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerOverflowProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Parts of runs that nobody has run: drawn, but of the form and size of real ones. */
public final class GeneratedParts {
  private static final int WIDEST = 24;

  private final Execution like;

  /** Of runs of a network that count what each channel's sums need. */
  public GeneratedParts(Network network, PartRequest request) {
    try (Executor executor = Executor.of(network, request.registers(), 1)) {
      this.like = executor.run(ImageSource.of(network, new int[0], 0), request.options());
    }
  }

  /**
   * A part as it is sent.
   *
   * @param images of the part
   * @param pairs of widths that occur in each channel, at most
   */
  public byte[] part(int images, int pairs, long seed) {
    Random random = new Random(seed);
    List<LayerOverflowProfile> profiles = new ArrayList<>();
    for (LayerOverflowProfile layer : like.profiles()) {
      List<OverflowProfile> channels = new ArrayList<>();
      for (int c = 0; c < layer.channels().size(); c++) {
        OverflowProfile.Builder profile = OverflowProfile.builder();
        for (int i = 0; i < pairs; i++) {
          int path = WIDEST - random.nextInt(12);
          profile.add(path - random.nextInt(8), path, 1 + random.nextInt(500));
        }
        channels.add(profile.build());
      }
      profiles.add(
          new LayerOverflowProfile(
              layer.register(),
              channels.stream().reduce(OverflowProfile.empty(), OverflowProfile::plus),
              channels));
    }
    int[] outputs = random.ints((long) images * like.type().elements()).toArray();
    Execution drawn =
        new Execution(
            like.type(), images, outputs, like.registers(), profiles, List.of(), Decisions.none());
    return RunPart.of(drawn, Map.of(), Map.of(), Map.of(), Map.of()).bytes();
  }
}
