package dev.narrows.experiments.reproduce.field;

import dev.narrows.data.DataException;
import dev.narrows.data.Inputs;
import dev.narrows.data.catalog.Split;
import dev.narrows.data.file.ImageFolder;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.network.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What a network from the field is run on: the data that lie beside it, or data of its kind. */
enum FieldInputs {
  /** Test images with labels. */
  CIFAR10("CIFAR-10's test images") {
    @Override
    NetworkInputs read(Workshop workshop, ModelFile model, int most) {
      return workshop.inputs(model, "cifar10", Split.TEST, OptionalInt.of(most));
    }
  },
  /** One spoken word in coefficients of 49 moments, begun at each of them. */
  SPOKEN_WORD("one spoken word, begun at each of 49 moments") {
    @Override
    NetworkInputs read(Workshop workshop, ModelFile model, int most) throws IOException {
      Path file = file(workshop, "models/mlperf-tiny/kws_input_data.cc");
      String text = Files.readString(file);
      int[] word = numbers(text.substring(Math.max(0, text.indexOf(C_ARRAY))));
      return shifted(model.network(), "spoken-word", file.toString(), word, 49, most);
    }
  },
  /** A machine's log-mel spectrum: every five moments that follow each other. */
  MACHINE("a machine's sound, every five moments of it") {
    @Override
    NetworkInputs read(Workshop workshop, ModelFile model, int most) throws IOException {
      Path file = file(workshop, "models/mlperf-tiny/normal_id_01_00000000_hist_librosa.bin");
      float[] spectrum = floats(Files.readAllBytes(file));
      int window = model.network().inputElements();
      int count = Math.min(most, (spectrum.length - window) / MEL_BANDS + 1);
      if (count < 1) {
        throw BadInputException.in(file, "expected at least " + window + " numbers of binary32");
      }
      float[] values = new float[count * window];
      for (int i = 0; i < count; i++) {
        System.arraycopy(spectrum, i * MEL_BANDS, values, i * window, window);
      }
      return NetworkInputs.asTheyAre(
          model.network(),
          "machine-sound",
          new Inputs.Floats(count, window, 1, 1, values, Optional.empty()));
    }
  },
  /** Photographs brought to the size that the network takes. */
  PHOTOGRAPHS("BSDS300's test photographs") {
    @Override
    NetworkInputs read(Workshop workshop, ModelFile model, int most) {
      Path folder =
          workshop.roots().roots().stream()
              .map(root -> root.resolve("sr/bsds300/test"))
              .filter(Files::isDirectory)
              .findFirst()
              .orElseThrow(() -> new DataException("no folder sr/bsds300/test"));
      Network network = model.network();
      ImageFolder.Size size =
          new ImageFolder.Size(network.input().height(), network.input().width());
      Inputs images =
          new Inputs.Images(
              ImageFolder.read(folder, Optional.of(size), Optional.of(network.input().channels()))
                  .set(),
              false);
      return NetworkInputs.of(network, "bsds300/test", images.limit(most), Optional.empty());
    }
  },
  /** {@code yes}, {@code no}, noise and silence, each begun at each of 49 moments. */
  FOUR_SOUNDS("four sounds of a second, begun at each of 49 moments") {
    @Override
    NetworkInputs read(Workshop workshop, ModelFile model, int most) throws IOException {
      String name = "micro-speech.csv";
      try (InputStream in = FieldInputs.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IllegalStateException("this program lacks its part " + name);
        }
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        int[] sounds = numbers(text.replaceAll("(?m)^#.*$", ""));
        return shifted(model.network(), "four-sounds", name, sounds, 49, most);
      }
    }
  };

  private static final int MEL_BANDS = 128;

  /** Where the numbers of an array begin in C; before it stand its name and a licence. */
  private static final String C_ARRAY = "= {";

  private static final Pattern INTEGER = Pattern.compile("-?\\d+");

  private final String words;

  FieldInputs(String words) {
    this.words = words;
  }

  /** For people. */
  String words() {
    return words;
  }

  /**
   * The inputs of a network.
   *
   * @param most at most so many, the first
   * @throws DataException if the data are missing
   * @throws BadInputException if they are not what they should be
   */
  abstract NetworkInputs read(Workshop workshop, ModelFile model, int most) throws IOException;

  private static Path file(Workshop workshop, String name) {
    return workshop.roots().find(name).orElseThrow(() -> new DataException("no file " + name));
  }

  private static int[] numbers(String text) {
    return INTEGER
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  private static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  /**
   * Sounds in a network's own codes, each begun at each of its moments: what comes before goes to
   * the end.
   *
   * @param file for messages
   * @param sounds [sound][moment][feature]
   */
  private static NetworkInputs shifted(
      Network network, String name, String file, int[] sounds, int moments, int most) {
    int length = network.inputElements();
    if (sounds.length == 0 || sounds.length % length != 0) {
      throw new BadInputException(
          "%s: expected sounds of %d numbers, found %d numbers"
              .formatted(file, length, sounds.length));
    }
    int features = length / moments;
    int count = Math.min(most, sounds.length / length * moments);
    int[] values =
        IntStream.range(0, count)
            .flatMap(i -> {
              int start = i / moments * length;
              int begin = i % moments * features;
              return IntStream.range(0, length).map(k -> sounds[start + (begin + k) % length]);
            })
            .toArray();
    return NetworkInputs.asTheyAre(
        network,
        name,
        new Inputs.InputCodes(
            count,
            network.input().channels(),
            network.input().height(),
            network.input().width(),
            values,
            Optional.empty()));
  }
}
