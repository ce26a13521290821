package dev.narrows.repair.network;

import dev.narrows.repair.channel.RepairedChannel.Means;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What became of a layer that sums integers.
 *
 * @param register as it was asked for
 * @param innerBits that every sum has to fit; empty where only parts of it have to
 * @param left why it stayed as it is; empty if it was repaired
 * @param work empty if it stayed
 */
public record RepairedLayer(
    String name,
    String kind,
    int channels,
    int terms,
    String register,
    OptionalInt innerBits,
    Optional<String> left,
    Optional<LayerWork> work) {
  /** Why a layer that a user left out stays. */
  public static final String EXCLUDED = "excluded";

  /**
   * What was done.
   *
   * @param means how many channels each gave the least error in
   * @param medianGrowth of the channels' new scales over the old ones
   * @param mostGrowth the largest of them
   * @param error variance of what the sums change by, over that of the sums, on calibration inputs
   * @param inputMost the largest |x| that the register can be given
   * @param inputBits that hold the layer's inputs
   * @param narrowed whether they were rounded to fewer bits
   * @param columns dot products that were looked at
   */
  public record LayerWork(
      Map<Means, Integer> means,
      double medianGrowth,
      double mostGrowth,
      double error,
      long inputMost,
      int inputBits,
      boolean narrowed,
      int columns) {
    /** Copies the map. */
    public LayerWork {
      means = Map.copyOf(means);
    }
  }

  static RepairedLayer left(
      String name, String kind, int channels, int terms, String register, String why) {
    return new RepairedLayer(
        name,
        kind,
        channels,
        terms,
        register,
        OptionalInt.empty(),
        Optional.of(why),
        Optional.empty());
  }
}
