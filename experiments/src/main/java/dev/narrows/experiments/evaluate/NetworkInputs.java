package dev.narrows.experiments.evaluate;

import dev.narrows.data.DataException;
import dev.narrows.data.Examples;
import dev.narrows.data.Inputs;
import dev.narrows.data.PixelArrays;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.Targets;
import dev.narrows.data.TextSet;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.InputQuantizer;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.program.ProgramModel;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import dev.narrows.report.QualityMeasure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Inputs as the codes, or the words of real numbers, that a network takes.
 *
 * @param name the data set's, or the file's
 * @param source the words, [images][C][H][W]
 * @param labels the class of each image, or of each masked character, if known
 * @param masked present for a text: where characters are to be found
 * @param notes what was inferred, in lines for the user
 * @param sequence whether they are calls one after the other, between which states are kept
 * @param program what they are run on, where a network only stands for it
 * @param measured targets that are no classes, if known and as many as the network's outputs
 * @param place where networks are run on them; in this process if empty
 */
public record NetworkInputs(
    String name,
    ImageSource source,
    Optional<int[]> labels,
    Optional<Masked> masked,
    List<String> notes,
    boolean sequence,
    Optional<ProgramModel> program,
    Optional<MeasuredTargets> measured,
    Optional<NetworkPlace> place) {
  /** The key of a network's metadata that holds its {@link Preprocessing} in text form. */
  public static final String PREPROCESS = "preprocess";

  private static final String AS_THEY_ARE = new Preprocessing.AsTheyAre().text();

  /** What to say where integers could be codes but are taken as pixels. */
  static final String AS_CODES = " (--preprocess none takes them as they are)";

  /** The key of a network's metadata that holds the characters of its ids, in order. */
  public static final String CHARACTERS = "characters";

  /** Copies the notes. */
  public NetworkInputs {
    notes = List.copyOf(notes);
  }

  /** Inputs each by itself: a network's states begin anew. */
  public NetworkInputs(
      String name,
      ImageSource source,
      Optional<int[]> labels,
      Optional<Masked> masked,
      List<String> notes) {
    this(name, source, labels, masked, notes, false);
  }

  /** Inputs of a network. */
  public NetworkInputs(
      String name,
      ImageSource source,
      Optional<int[]> labels,
      Optional<Masked> masked,
      List<String> notes,
      boolean sequence) {
    this(
        name,
        source,
        labels,
        masked,
        notes,
        sequence,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same inputs as calls one after the other. */
  public NetworkInputs inSequence() {
    return new NetworkInputs(name, source, labels, masked, notes, true, program, measured, place);
  }

  /** The same inputs, on which networks are run elsewhere. */
  public NetworkInputs at(NetworkPlace other) {
    return new NetworkInputs(
        name, source, labels, masked, notes, sequence, program, measured, Optional.of(other));
  }

  /** The same inputs of a program. */
  public NetworkInputs of(ProgramModel model) {
    boolean calls = sequence || !model.states().isEmpty();
    return new NetworkInputs(
        name, source, labels, masked, notes, calls, Optional.of(model), measured, place);
  }

  /**
   * What runs a network on them.
   *
   * @throws IllegalArgumentException if a rule of {@code registers} matches no layer
   * @throws BadInputException if it cannot be run where the inputs say
   */
  public NetworkRunner runner(Network network, LayerRegisters registers, int threads) {
    if (place.isPresent()) {
      if (program.isPresent()) {
        throw new BadInputException(
            name + ": a network with parts that ONNX Runtime runs is run on this machine alone");
      }
      return place.get().runner(network, registers);
    }
    return program
        .map(model -> model.runner(registers, threads))
        .orElseGet(() -> Executor.of(network, registers, threads));
  }

  /** How a network is run on them. */
  public RunOptions options() {
    return RunOptions.none().inSequence(sequence);
  }

  private NetworkInputs(
      String name, ImageSource source, Optional<int[]> labels, List<String> notes) {
    this(name, source, labels, Optional.empty(), notes);
  }

  /**
   * The masked characters of windows of text.
   *
   * @param places of each in its window, the same number in every window
   * @param unigramEntropy of the text, in nats
   */
  public record Masked(int[] places, double unigramEntropy) {}

  /** The likeliest class of each image, or of each masked character. */
  public int[] predictions(Execution execution) {
    return masked
        .map(text -> execution.predictions(text.places()))
        .orElseGet(execution::predictions);
  }

  /** The share of predictions that are their labels, in percent; empty without labels. */
  public Optional<Double> accuracy(int[] predictions) {
    return labels.map(right ->
        100.0
            * IntStream.range(0, right.length).filter(i -> predictions[i] == right[i]).count()
            / right.length);
  }

  /** The number of classes to be found: one an image, one a masked character. */
  public int answers() {
    return masked.map(text -> text.places().length).orElse(images());
  }

  /** The number of images. */
  public int images() {
    return source.images();
  }

  /**
   * Some of the inputs, each by itself.
   *
   * @param elements words of one input
   * @param indices of inputs
   */
  public NetworkInputs subset(int elements, int[] indices) {
    return new NetworkInputs(
        name,
        new ImageSubset(source, elements, indices),
        labels.map(all -> IntStream.of(indices).map(i -> all[i]).toArray()),
        masked,
        notes,
        sequence,
        program,
        measured.map(all -> all.select(indices)),
        place);
  }

  /**
   * These with targets that are no classes, where the network gives as many numbers.
   *
   * @param asked in place of the usual measure
   */
  public NetworkInputs measuring(
      Network network, Optional<Targets> targets, Optional<QualityMeasure> asked) {
    Optional<MeasuredTargets> some =
        targets
            .filter(known -> known.kind() != Targets.TargetKind.CLASSES)
            .filter(known -> known.outputs() == network.output().elements())
            .map(known -> MeasuredTargets.of(known, asked));
    List<String> said = new ArrayList<>(notes);
    some.flatMap(MeasuredTargets::wholeImages)
        .map(images ->
            "%d tiles make %d images, which are what is measured".formatted(images(), images))
        .ifPresent(said::add);
    return new NetworkInputs(name, source, labels, masked, said, sequence, program, some, place);
  }

  /** The same inputs with other classes. */
  public NetworkInputs labelled(int[] classes) {
    return new NetworkInputs(
        name,
        source,
        Optional.of(classes),
        masked,
        notes,
        sequence,
        program,
        Optional.empty(),
        place);
  }

  /** The same inputs, of which no class is known. */
  public NetworkInputs unlabelled() {
    return new NetworkInputs(
        name, source, Optional.empty(), masked, notes, sequence, program, Optional.empty(), place);
  }

  /**
   * Brings inputs to a network. What is inferred is in the notes.
   *
   * @param asked the preprocessing the user asked for; otherwise the network's own, or {@code unit}
   * @throws BadInputException if the shapes differ, or it is not clear what the numbers mean
   * @throws dev.narrows.data.DataException if the preprocessing does not fit the channels
   */
  public static NetworkInputs of(
      Network network, String name, Inputs inputs, Optional<Preprocessing> asked) {
    return brought(network, name, inputs, asked)
        .measuring(network, inputs.targets(), Optional.empty());
  }

  private static NetworkInputs brought(
      Network network, String name, Inputs inputs, Optional<Preprocessing> asked) {
    requireShape(network.input(), name, inputs);
    boolean own = AS_THEY_ARE.equals(network.metadata().get(PREPROCESS));
    if (asked.isEmpty() && own && !(inputs instanceof Inputs.OfExamples)) {
      return asTheyAre(network, name, inputs);
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
          switch (ArrayMeaning.of(network.input(), stored(network).isPresent(), name, codes)) {
            case CODES -> codes(network, name, codes);
            case PIXELS -> bytes(network, name, codes);
          };
      case Inputs.Floats floats ->
          floats(network, name, floats, InferredInputs.floats(network, name, floats.values()));
    };
  }

  /**
   * Brings examples that a recipe read to a network: their floats are its own numbers already.
   *
   * @param measure that the recipe asks for, of targets that are no classes
   * @throws BadInputException if the shapes differ
   */
  public static NetworkInputs ofExamples(
      Network network,
      Examples examples,
      Preprocessing preprocessing,
      Optional<QualityMeasure> measure) {
    Inputs inputs = Inputs.of(examples);
    NetworkInputs taken =
        inputs instanceof Inputs.Floats
            ? asTheyAre(network, examples.name(), inputs)
            : of(network, examples.name(), inputs, Optional.of(preprocessing));
    return taken.measuring(network, inputs.targets(), measure);
  }

  /**
   * Brings arrays to a network whose own numbers they hold: integers are its codes, floats its real
   * numbers. Nothing is inferred.
   *
   * @throws BadInputException if they are no arrays, the shapes differ, or an integer is no code
   */
  public static NetworkInputs asTheyAre(Network network, String name, Inputs inputs) {
    return broughtAsTheyAre(network, name, inputs)
        .measuring(network, inputs.targets(), Optional.empty());
  }

  private static NetworkInputs broughtAsTheyAre(Network network, String name, Inputs inputs) {
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
   * What is to be known before labels are scored against a network's outputs, in lines for the
   * user.
   *
   * @throws BadInputException if a label names no output
   */
  public static List<String> scoring(Network network, String name, Inputs inputs) {
    return InferredInputs.classes(name, inputs, network);
  }

  /**
   * Whether a network's output is a score for each of some classes, so that labels mean something.
   */
  public static boolean areClassScores(Network network) {
    return InferredInputs.areClassScores(network.output());
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
    String known = network.metadata().getOrDefault(CHARACTERS, "");
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
        Optional.of(new Masked(set.places(), set.unigramEntropy())),
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
                stored(network)
                    .map(how -> ", preprocessed as the network says: " + how + AS_CODES)
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

  /** How the network takes pixels, if it says. */
  static Optional<String> stored(Network network) {
    return Optional.ofNullable(network.metadata().get(PREPROCESS));
  }

  private static NetworkInputs images(
      Network network, String name, Inputs.Images images, Optional<Preprocessing> asked) {
    Optional<String> stored = stored(network);
    TensorType type = network.input();
    boolean told = asked.isPresent() || stored.isPresent();
    boolean codes = !told && pixelsAreCodes(network, type);
    List<String> notes =
        told
            ? List.of()
            : List.of(
                "preprocessing: %s; the network does not say, see --preprocess"
                    .formatted(
                        codes
                            ? "pixels are the input's codes, counted from the smallest"
                            : "unit (pixel / 255)"));
    int[][] tables = pixelTables(network, type, asked.or(() -> stored.map(Preprocessing::parse)));
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

  /** Whoever quantised a file for pixels made its 8-bit codes the pixels, shifted if signed. */
  static boolean pixelsAreCodes(Network network, TensorType type) {
    return FileTensors.of(network).isPresent()
        && !type.isFloat()
        && type.quantization().format().bits() == 8;
  }

  /**
   * The word of each pixel value, per channel of an input.
   *
   * @param told how pixels are preprocessed, if anybody says
   */
  public static int[][] pixelTables(
      Network network, TensorType type, Optional<Preprocessing> told) {
    return told.isEmpty() && pixelsAreCodes(network, type)
        ? codes(type)
        : tables(told.orElseGet(() -> Preprocessing.parse("unit")), type);
  }

  /** The code of each pixel value where pixels are codes, per channel. */
  private static int[][] codes(TensorType type) {
    int[] table = new int[256];
    Arrays.setAll(table, pixel -> pixel + (int) type.quantization().format().min());
    int[][] tables = new int[type.channels()][];
    Arrays.fill(tables, table);
    return tables;
  }

  /** The word of each pixel value, per channel. */
  private static int[][] tables(Preprocessing preprocessing, TensorType type) {
    float[][] reals = preprocessing.tables(type.channels());
    int[][] tables = new int[type.channels()][];
    for (int c = 0; c < tables.length; c++) {
      tables[c] =
          type.isFloat()
              ? Words.of(reals[c])
              : new InputQuantizer(type.quantization()).codes(reals[c]);
    }
    return tables;
  }
}
