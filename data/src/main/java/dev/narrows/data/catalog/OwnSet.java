package dev.narrows.data.catalog;

import dev.narrows.data.ArraySet;
import dev.narrows.data.DataException;
import dev.narrows.data.Elements;
import dev.narrows.data.Examples;
import dev.narrows.data.HoldOut;
import dev.narrows.data.ImageSet;
import dev.narrows.data.Inputs;
import dev.narrows.data.PixelArrays;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.Targets;
import dev.narrows.data.Targets.ClassTargets;
import dev.narrows.data.TextSet;
import dev.narrows.data.catalog.DataSource.Opened;
import dev.narrows.data.catalog.DataSource.Options;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A user's own data, split for training. Parts that the data come in are used; what is missing is
 * held out of the training part: for testing by a fixed seed, so that every run has the same test
 * examples, then for validation by the run's. Of each class the same share is held out. A text is
 * cut by position: the last windows are for testing, those before them for validation.
 *
 * @param train without what was held out
 * @param validation may be empty (size 0)
 * @param test never empty
 * @param notes what was inferred, in lines for the user
 */
public record OwnSet(Examples train, Examples validation, Examples test, List<String> notes) {
  /** One example in so many is held out, for testing and again for validation. */
  private static final int SHARE = 10;

  /** One window of text in so many. */
  private static final int TEXT_SHARE = 20;

  /** More would be row numbers or identifiers, not classes. */
  private static final int MOST_CLASSES = 1 << 16;

  private static final long TEST_SEED = 0;
  private static final int BRIGHTEST = 255;

  /** Copies the notes. */
  public OwnSet {
    notes = List.copyOf(notes);
  }

  /**
   * What is split off.
   *
   * @param test where the test examples are, if they are not in the data's own parts
   * @param testCount how many are held out for testing if there are none; empty: a tenth
   * @param validation how many are held out for validation, where that is no part; empty: a tenth
   *     of the rest
   * @param seed which ones
   */
  public record OwnParts(
      Optional<Path> test, OptionalInt testCount, OptionalInt validation, long seed) {}

  /**
   * Reads and splits.
   *
   * @param options without a shape: that of the data is the network's
   * @param preprocessing of pixels; {@code none} takes arrays' numbers as they are
   * @throws DataException naming file and row, if data are malformed, targets are missing, a class
   *     is empty, parts disagree, or there are too few examples to split
   */
  public static OwnSet read(
      Path path, Options options, Preprocessing preprocessing, OwnParts parts) {
    String name = name(path);
    List<String> notes = new ArrayList<>();
    boolean inParts = OwnFiles.inParts(path);
    Opened train =
        inParts
            ? OwnFiles.part(path, Split.TRAIN, options).orElseThrow()
            : OwnFiles.whole(path.toString(), path, options);
    notes.addAll(train.notes());
    Optional<Opened> validation = part(path, inParts, Split.VALIDATION, options);
    Optional<Opened> test =
        parts
            .test()
            .map(file -> OwnFiles.open(file.toString(), options))
            .or(() -> part(path, inParts, Split.TEST, options));
    if (test.isPresent() && parts.testCount().isPresent()) {
      throw DataException.in(
          path,
          "has its own part for testing, %d examples; none can be held out of the training part"
              .formatted(test.get().inputs().count()));
    }
    if (validation.isPresent() && parts.validation().orElse(0) > 0) {
      throw DataException.in(
          path,
          "has its own part for validation, %d examples; none can be held out of the training part"
              .formatted(validation.get().inputs().count()));
    }
    if (train.inputs() instanceof Inputs.TextWindows(TextSet text)) {
      return text(name, text, test, parts, notes);
    }
    Reader reader = new Reader(train, preprocessing, range(train, validation, test));
    Examples all = reader.examples(train);
    requireEveryClass(train.name(), all);
    Optional<Examples> tested = test.map(reader::examples);
    if (tested.isEmpty()) {
      int count = parts.testCount().orElse(Math.ceilDiv(all.size(), SHARE));
      HoldOut split = holdOut(train.name(), "testing", all, count, TEST_SEED);
      tested = Optional.of(select(all, split.held()));
      all = select(all, split.kept());
      notes.add(
          "%d of them, of each class the same share, are held out for testing".formatted(count));
    }
    Optional<Examples> validated = validation.map(reader::examples);
    if (validated.isEmpty()) {
      int count = parts.validation().orElse(Math.ceilDiv(all.size(), SHARE));
      HoldOut split = holdOut(train.name(), "validation", all, count, parts.seed());
      validated = Optional.of(select(all, split.held()));
      all = select(all, split.kept());
    }
    return new OwnSet(
        all.named(name + "/" + Split.TRAIN),
        validated.get().named(name + "/" + Split.VALIDATION),
        tested.get().named(name + "/" + Split.TEST),
        notes);
  }

  /** What reports call the data of a path. */
  public static String name(Path path) {
    return String.valueOf(path.toAbsolutePath().normalize().getFileName());
  }

  /** One of the parts. */
  public Examples part(Split split) {
    return switch (split) {
      case TRAIN -> train;
      case VALIDATION -> validation;
      case TEST -> test;
    };
  }

  private static Optional<Opened> part(Path path, boolean inParts, Split split, Options options) {
    return inParts ? OwnFiles.part(path, split, options) : Optional.empty();
  }

  private static OwnSet text(
      String name, TextSet text, Optional<Opened> test, OwnParts parts, List<String> notes) {
    int windows = text.size();
    int tested = test.isPresent() ? 0 : parts.testCount().orElse(Math.ceilDiv(windows, TEXT_SHARE));
    int held = parts.validation().orElse(Math.ceilDiv(windows, TEXT_SHARE));
    int train = windows - tested - held;
    if (train < 1 || test.isEmpty() && tested < 1) {
      throw new DataException(
          "%s: its %d windows of %d characters are too few: %d would be for testing, %d for validation"
              .formatted(name, windows, text.length(), tested, held));
    }
    TextSet last =
        test.map(opened -> sameCharacters(text, opened))
            .orElseGet(() -> text.slice(train + held, windows));
    return new OwnSet(
        text.slice(0, train).named(name + "/" + Split.TRAIN),
        text.slice(train, train + held).named(name + "/" + Split.VALIDATION),
        last.named(name + "/" + Split.TEST),
        notes);
  }

  /** Another text in the characters of the one that is trained on. */
  private static TextSet sameCharacters(TextSet train, Opened test) {
    if (!(test.inputs() instanceof Inputs.TextWindows(TextSet text))) {
      throw new DataException(
          "%s: expected a text to test on, as for training".formatted(test.name()));
    }
    int[] ids = new int[text.ids().length];
    for (int i = 0; i < ids.length; i++) {
      int character = text.characters()[text.ids()[i]];
      ids[i] = Arrays.binarySearch(train.characters(), character);
      if (ids[i] < 0) {
        throw new DataException(
            "%s: character %d is \"%s\", which does not occur in the text that is trained on"
                .formatted(test.name(), i, Character.toString(character)));
      }
    }
    return new TextSet(test.name(), train.characters(), ids, train.length());
  }

  /** The least and the greatest of floats in all parts; pixels have none. */
  private record Range(float least, float greatest) {}

  private static Range range(Opened train, Optional<Opened> validation, Optional<Opened> test) {
    float least = Float.POSITIVE_INFINITY;
    float greatest = Float.NEGATIVE_INFINITY;
    List<Opened> all = new ArrayList<>(List.of(train));
    validation.ifPresent(all::add);
    test.ifPresent(all::add);
    for (Opened part : all) {
      if (part.inputs() instanceof Inputs.Floats floats) {
        least = Math.min(least, PixelArrays.least(floats.values()));
        greatest = Math.max(greatest, PixelArrays.greatest(floats.values()));
      }
    }
    return new Range(least, greatest);
  }

  /** Makes examples of what was read, as the training part has them. */
  private record Reader(Opened train, Preprocessing preprocessing, Range range) {
    Examples examples(Opened part) {
      Inputs inputs = part.inputs();
      Targets targets = targets(part);
      if (inputs.channels() != train.inputs().channels()
          || inputs.height() != train.inputs().height()
          || inputs.width() != train.inputs().width()) {
        throw new DataException(
            "%s: inputs are %d×%d×%d (channels, rows, columns), those to train on %d×%d×%d"
                .formatted(
                    part.name(),
                    inputs.channels(),
                    inputs.height(),
                    inputs.width(),
                    train.inputs().channels(),
                    train.inputs().height(),
                    train.inputs().width()));
      }
      if (inputs instanceof Inputs.TextWindows) {
        throw new DataException(part.name() + ": is a text, and the training part is none");
      }
      preprocessing.requireChannels(inputs.channels());
      Elements elements = elements(part.name(), inputs);
      if (elements instanceof Elements.PixelElements(byte[] pixels)
          && targets instanceof ClassTargets(int[] labels, int classes)) {
        return new ImageSet(
            part.name(),
            inputs.channels(),
            inputs.height(),
            inputs.width(),
            classes,
            pixels,
            labels,
            train.inputs() instanceof Inputs.Images images ? images.set().classNames() : List.of());
      }
      return new ArraySet(
          part.name(), inputs.channels(), inputs.height(), inputs.width(), elements, targets);
    }

    private Elements elements(String name, Inputs inputs) {
      boolean asTheyAre = preprocessing instanceof Preprocessing.AsTheyAre;
      return switch (inputs) {
        case Inputs.Images images when asTheyAre ->
            throw new DataException(
                "preprocess: none: takes the numbers of arrays as they are; %s holds images: say raw"
                    .formatted(images.set().name()));
        case Inputs.Images images -> new Elements.PixelElements(images.set().pixels());
        case Inputs.TextWindows text -> throw new DataException(name + ": is a text");
        case Inputs.InputCodes codes when asTheyAre ->
            new Elements.FloatElements(PixelArrays.numbers(codes).values());
        case Inputs.InputCodes codes -> pixels(name, codes);
        case Inputs.Floats floats when asTheyAre -> new Elements.FloatElements(floats.values());
        case Inputs.Floats floats -> preprocessed(name, floats);
      };
    }

    private Elements preprocessed(String name, Inputs.Floats floats) {
      try {
        return new Elements.FloatElements(
            PixelArrays.of(name, floats, preprocessing, range.least(), range.greatest())
                .inputs()
                .values());
      } catch (DataException noPixels) {
        throw new DataException("preprocess: " + noPixels.getMessage(), noPixels);
      }
    }

    private static Elements pixels(String name, Inputs.InputCodes codes) {
      byte[] pixels = new byte[codes.values().length];
      for (int i = 0; i < pixels.length; i++) {
        int pixel = codes.values()[i];
        if (pixel < 0 || pixel > BRIGHTEST) {
          throw new DataException(
              "%s: x: row %d holds %d, expected pixels from 0 to 255; preprocess: none takes integers as numbers"
                  .formatted(name, i / codes.inputLength(), pixel));
        }
        pixels[i] = (byte) pixel;
      }
      return new Elements.PixelElements(pixels);
    }

    private Targets targets(Opened part) {
      Targets wanted = wanted(train);
      Targets targets = wanted(part);
      if (part == train) {
        return targets;
      }
      if (wanted instanceof ClassTargets(int[] _, int classes)
          && targets instanceof ClassTargets(int[] labels, int _)) {
        int[] renamed = renamed(part, labels);
        for (int i = 0; i < renamed.length; i++) {
          if (renamed[i] >= classes) {
            throw new DataException(
                "%s: y: row %d is class %d, those to train on are 0 to %d"
                    .formatted(part.name(), i, renamed[i], classes - 1));
          }
        }
        return new ClassTargets(renamed, classes);
      }
      if (!targets.describe().equals(wanted.describe())) {
        throw new DataException(
            "%s: y is %s for each input, in the training part %s"
                .formatted(part.name(), targets.describe(), wanted.describe()));
      }
      return targets;
    }

    /** The numbers that the training part gives to classes with names. */
    private int[] renamed(Opened part, int[] labels) {
      if (!(train.inputs() instanceof Inputs.Images trained)
          || !(part.inputs() instanceof Inputs.Images images)
          || trained.set().classNames().isEmpty()) {
        return labels;
      }
      List<String> known = trained.set().classNames();
      if (images.set().classNames().isEmpty()) {
        throw new DataException(
            "%s: its classes are numbers, expected those to train on: %s"
                .formatted(part.name(), known));
      }
      int[] numbers = images.set().classNames().stream().mapToInt(known::indexOf).toArray();
      for (int c = 0; c < numbers.length; c++) {
        if (numbers[c] < 0) {
          throw new DataException(
              "%s: has a class \"%s\", expected those to train on: %s"
                  .formatted(part.name(), images.set().classNames().get(c), known));
        }
      }
      return Arrays.stream(labels).map(label -> numbers[label]).toArray();
    }

    private static Targets wanted(Opened part) {
      return part.inputs()
          .targets()
          .orElseThrow(() ->
              new DataException(
                  part.name()
                      + ": has no targets: y of an .npz, or a sub-folder for each class of images"));
    }
  }

  private static void requireEveryClass(String name, Examples train) {
    if (!(train.targets() instanceof ClassTargets(int[] labels, int classes))) {
      return;
    }
    if (classes > MOST_CLASSES) {
      throw new DataException(
          "%s: y has %d classes, expected at most %d; targets: numbers takes it as numbers"
              .formatted(name, classes, MOST_CLASSES));
    }
    boolean[] seen = new boolean[classes];
    for (int label : labels) {
      seen[label] = true;
    }
    for (int c = 0; c < classes; c++) {
      if (!seen[c]) {
        throw new DataException(
            "%s: class %d of 0 to %d has no example to train on%s"
                .formatted(name, c, classes - 1, cause(labels, classes)));
      }
    }
    if (classes == 1) {
      throw new DataException(name + ": has one class, expected at least 2 to tell apart");
    }
  }

  /** The example whose label makes classes so many, if it is among these: it may be a mistake. */
  private static String cause(int[] labels, int classes) {
    return IntStream.range(0, labels.length)
        .filter(row -> labels[row] == classes - 1)
        .mapToObj(row -> "; label %d of row %d asks for %d".formatted(labels[row], row, classes))
        .findFirst()
        .orElse("");
  }

  private static HoldOut holdOut(String name, String what, Examples all, int count, long seed) {
    Targets targets = all.targets();
    try {
      return targets instanceof ClassTargets(int[] labels, int classes)
          ? HoldOut.shares(labels, classes, count, seed)
          : HoldOut.shares(new int[all.size()], 1, count, seed);
    } catch (DataException tooFew) {
      throw new DataException("%s: for %s: %s".formatted(name, what, tooFew.getMessage()), tooFew);
    }
  }

  private static Examples select(Examples all, int[] indices) {
    return switch (all) {
      case ImageSet images -> images.select(indices);
      case ArraySet arrays -> arrays.select(indices);
      case TextSet text -> throw new IllegalArgumentException(text + ": is cut by position");
    };
  }
}
