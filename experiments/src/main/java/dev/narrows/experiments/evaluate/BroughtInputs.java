package dev.narrows.experiments.evaluate;

import dev.narrows.data.DataException;
import dev.narrows.data.Inputs;
import dev.narrows.data.PixelArrays;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.TextSet;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.InputQuantizer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Inputs of every form, brought to the codes or words that a network takes. */
final class BroughtInputs {
  private static final String AS_THEY_ARE = new Preprocessing.AsTheyAre().text();

  private BroughtInputs() {}

  /** {@link NetworkInputs#of}, targets that are no classes left out. */
  static NetworkInputs of(
      Network network, String name, Inputs inputs, Optional<Preprocessing> asked) {
    requireShape(network.input(), name, inputs);
    boolean own = AS_THEY_ARE.equals(network.metadata().get(NetworkInputs.PREPROCESS));
    if (asked.isEmpty() && own && !(inputs instanceof Inputs.OfExamples)) {
      return NetworkInputs.asTheyAre(network, name, inputs);
    }
    return switch (inputs) {
      case Inputs.Images images -> images(network, name, images, asked);
      case Inputs.TextWindows text -> text(network, name, text.set());
      case Inputs.InputCodes codes when asked.isPresent() ->
          pixels(network, name, asked(codes, asked.get(), how -> PixelArrays.of(name, codes, how)));
      case Inputs.Floats floats when asked.isPresent() ->
          pixels(
              network, name, asked(floats, asked.get(), how -> PixelArrays.of(name, floats, how)));
      case Inputs.InputCodes codes ->
          switch (ArrayMeaning.of(
              network.input(), PixelCodes.stored(network).isPresent(), name, codes)) {
            case CODES -> codes(network, name, codes);
            case PIXELS -> bytes(network, name, codes);
          };
      case Inputs.Floats floats ->
          floats(network, name, floats, InferredInputs.floats(network, name, floats.values()));
    };
  }

  /** {@link NetworkInputs#asTheyAre}, likewise. */
  static NetworkInputs asTheyAre(Network network, String name, Inputs inputs) {
    requireShape(network.input(), name, inputs);
    return switch (inputs) {
      case Inputs.Images _, Inputs.TextWindows _ ->
          throw new BadInputException(
              "--preprocess none: takes the numbers of arrays as they are; %s holds %s"
                  .formatted(name, inputs instanceof Inputs.Images ? "images: say raw" : "a text"));
      case Inputs.InputCodes codes when network.input().isFloat() ->
          floats(
              network,
              name,
              PixelArrays.numbers(codes),
              List.of("integers are taken as the network's own numbers"));
      case Inputs.InputCodes codes -> codes(network, name, codes);
      case Inputs.Floats floats ->
          floats(
              network,
              name,
              floats,
              network.input().isFloat()
                  ? List.of("floats are taken as the network's own input")
                  : InferredInputs.quantised(floats.values(), network.input().quantization()));
    };
  }

  private static void requireShape(TensorType type, String name, Inputs inputs) {
    boolean text = inputs instanceof Inputs.TextWindows; // a row of ids, along either dimension
    boolean same =
        inputs.channels() == type.channels()
            && (text || inputs.height() == type.height() && inputs.width() == type.width());
    boolean row = inputs.height() * inputs.width() == 1;
    boolean rows = inputs.channels() == 1 && type.positions() == 1; // one after the other
    if (inputs.inputLength() == type.elements() && (same || row || rows)) {
      return;
    }
    boolean resize = inputs instanceof Inputs.Images && inputs.channels() == type.channels();
    throw new BadInputException(
        "%s: inputs are %d×%d×%d (channels, rows, columns), the network takes %d×%d×%d%s"
            .formatted(
                name,
                inputs.channels(),
                inputs.height(),
                inputs.width(),
                type.channels(),
                type.height(),
                type.width(),
                resize
                    ? "; --resize %dx%d brings images to it".formatted(type.height(), type.width())
                    : ""));
  }

  /**
   * Pixels that a user asks for.
   *
   * @throws BadInputException naming the option, if the numbers are none
   * @throws DataException if the preprocessing does not fit the channels
   */
  static PixelArrays asked(
      Inputs inputs, Preprocessing how, Function<Preprocessing, PixelArrays> made) {
    how.requireChannels(inputs.channels());
    try {
      return made.apply(how);
    } catch (DataException noPixels) {
      throw new BadInputException("--preprocess: " + noPixels.getMessage(), noPixels);
    }
  }

  private static NetworkInputs pixels(Network network, String name, PixelArrays pixels) {
    return floats(network, name, pixels.inputs(), pixels.notes());
  }

  private static NetworkInputs floats(
      Network network, String name, Inputs.Floats floats, List<String> notes) {
    TensorType type = network.input();
    int[] words =
        type.isFloat()
            ? Words.of(floats.values())
            : InputQuantizer.of(network).codes(floats.values());
    return new NetworkInputs(
        name, ImageSource.of(type, words, floats.count()), floats.labels(), notes);
  }

  private static NetworkInputs text(Network network, String name, TextSet set) {
    String known = network.metadata().getOrDefault(NetworkInputs.CHARACTERS, "");
    if (!known.equals(set.vocabulary())) {
      throw new BadInputException(
          "%s: its characters are not those that the network was trained on, which are \"%s\""
              .formatted(name, known));
    }
    int[] ids =
        IntStream.range(0, set.size()).flatMap(i -> IntStream.of(set.window(i).ids())).toArray();
    return new NetworkInputs(
        name,
        ImageSource.of(network.input(), ids, set.size()),
        Optional.of(set.labels()),
        Optional.of(new NetworkInputs.Masked(set.places(), set.unigramEntropy())),
        List.of());
  }

  /** Pixels that came in an array, treated as images are. */
  private static NetworkInputs bytes(Network network, String name, Inputs.InputCodes codes) {
    NetworkInputs images =
        images(network, name, ArrayMeaning.images(name, codes), Optional.empty());
    List<String> notes = new ArrayList<>();
    notes.add(
        "integers of %d … %d are taken as pixels, like those of images%s"
            .formatted(
                Arrays.stream(codes.values()).min().orElse(0),
                Arrays.stream(codes.values()).max().orElse(0),
                PixelCodes.stored(network)
                    .map(how -> ", preprocessed as the network says: " + how + PixelCodes.AS_CODES)
                    .orElse("")));
    notes.addAll(images.notes());
    return new NetworkInputs(name, images.source(), images.labels(), notes);
  }

  private static NetworkInputs codes(Network network, String name, Inputs.InputCodes codes) {
    TensorType type = network.input();
    long low = type.quantization().format().min();
    long high = type.quantization().format().max();
    for (int i = 0; i < codes.values().length; i++) {
      int code = codes.values()[i];
      if (code < low || code > high) {
        throw new BadInputException(
            "%s: input %d holds the integer %d, the network takes %d to %d (pixels are 0 to 255)"
                .formatted(name, i / type.elements(), code, low, high));
      }
    }
    return new NetworkInputs(
        name,
        ImageSource.of(type, codes.values(), codes.count()),
        codes.labels(),
        List.of(
            "integers are taken as the network's own input codes, %d to %d".formatted(low, high)));
  }

  private static NetworkInputs images(
      Network network, String name, Inputs.Images images, Optional<Preprocessing> asked) {
    Optional<String> stored = PixelCodes.stored(network);
    TensorType type = network.input();
    boolean told = asked.isPresent() || stored.isPresent();
    boolean codes = !told && PixelCodes.areInputs(network, type);
    List<String> notes =
        told
            ? List.of()
            : List.of(
                "preprocessing: %s; the network does not say, see --preprocess"
                    .formatted(
                        codes
                            ? "pixels are the input's codes, counted from the smallest"
                            : "unit (pixel / 255)"));
    int[][] tables =
        PixelCodes.tables(network, type, asked.or(() -> stored.map(Preprocessing::parse)));
    byte[] pixels = images.set().pixels();
    int elements = type.elements();
    int plane = type.positions();
    ImageSource source =
        new ImageSource() {
          @Override
          public int images() {
            return images.count();
          }

          @Override
          public void read(int first, int count, int[] codes) {
            for (int i = 0; i < count * elements; i++) {
              int[] table = tables[i % elements / plane];
              codes[i] = table[pixels[first * elements + i] & 0xFF];
            }
          }
        };
    return new NetworkInputs(name, source, images.labels(), notes);
  }
}
