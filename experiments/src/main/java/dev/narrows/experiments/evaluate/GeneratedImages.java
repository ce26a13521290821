package dev.narrows.experiments.evaluate;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.data.CounterRandom;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.parts.PlacedSource;
import dev.narrows.network.parts.TravellingSource;
import dev.narrows.network.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Images that are drawn where they are wanted, each from its own place in the set: any number of
 * them takes no memory. Codes are all of the input's, equally likely; real numbers are multiples of
 * 2^−24 in [0, 1).
 */
public final class GeneratedImages implements PlacedSource, TravellingSource {
  private static final long serialVersionUID = 1L;
  private static final Pattern NAME = Pattern.compile("generated/(\\d{1,9})");
  private static final long SEED = 1;
  private static final int FRACTIONS = 1 << 24;

  private final int[] images;
  private final int elements;
  private final boolean real;
  private final int least;
  private final int codes;

  private GeneratedImages(int[] images, int elements, boolean real, int least, int codes) {
    this.images = images;
    this.elements = elements;
    this.real = real;
    this.least = least;
    this.codes = codes;
  }

  /** Whether a text names generated images. */
  public static boolean named(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * The images that {@code generated/N} names, without labels.
   *
   * @param limit the first so many
   * @throws BadInputException if the network has several inputs, or N is 0
   */
  public static NetworkInputs of(Network network, String text, Optional<Integer> limit) {
    Matcher name = NAME.matcher(text);
    int count = name.matches() ? Integer.parseInt(name.group(1)) : 0;
    if (count < 1) {
      throw new BadInputException(text + ": expected generated/N, N at least 1");
    }
    if (network.inputs().size() > 1) {
      throw new BadInputException(text + ": is for networks with one input");
    }
    int taken = Math.min(count, limit.orElse(count));
    return new NetworkInputs(
        text,
        of(network.input(), IntStream.range(0, taken).toArray()),
        Optional.empty(),
        Optional.empty(),
        List.of("%d generated images, each drawn from its number".formatted(taken)));
  }

  private static GeneratedImages of(TensorType type, int[] images) {
    if (type.isFloat()) {
      return new GeneratedImages(images, type.elements(), true, 0, FRACTIONS);
    }
    IntegerFormat format = type.quantization().format();
    long codes = Math.min(format.max() - format.min() + 1, Integer.MAX_VALUE);
    return new GeneratedImages(images, type.elements(), false, (int) format.min(), (int) codes);
  }

  @Override
  public int images() {
    return images.length;
  }

  @Override
  public void read(int first, int count, int[] words) {
    for (int i = 0; i < count; i++) {
      CounterRandom random = CounterRandom.of(SEED, images[first + i]);
      for (int e = 0; e < elements; e++) {
        int drawn = random.below(codes, e);
        words[i * elements + e] =
            real ? Float.floatToRawIntBits((float) drawn / FRACTIONS) : least + drawn;
      }
    }
  }

  @Override
  public TravellingSource some(int[] places) {
    return new GeneratedImages(
        IntStream.of(places).map(place -> images[place]).toArray(), elements, real, least, codes);
  }
}
