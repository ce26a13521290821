package dev.narrows.data.catalog;

import dev.narrows.data.DataException;
import dev.narrows.data.Inputs;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.Targets.TargetKind;
import dev.narrows.data.TextSet;
import dev.narrows.data.catalog.DataSource.Opened;
import dev.narrows.data.catalog.DataSource.Options;
import dev.narrows.data.file.ArrayInputs;
import dev.narrows.data.file.ArrayMembers;
import dev.narrows.data.file.ArrayOrder;
import dev.narrows.data.file.ImageFolder;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.NpyType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A user's own data: an {@code .npz} with {@code x} and perhaps {@code y}, an {@code .npy}, an
 * image, a folder of images, with one sub-folder for each class or, unlabelled, without, or a
 * {@code .txt} in UTF-8.
 *
 * <p>A folder with a sub-folder {@code train} of such folders comes in parts, and so does an {@code
 * .npz} with {@code x_train} and {@code y_train}: {@code test}, and perhaps {@code validation} or
 * {@code val}, lie beside it. {@code PATH/train}, {@code PATH/validation} and {@code PATH/test}
 * name a part; the path alone is the test part.
 */
public final class OwnFiles {
  /** A longer text fills no window of an int. */
  private static final long MOST_BYTES = 1 << 28;

  private static final int BRIGHTEST = 255;

  private OwnFiles() {}

  /**
   * Reads what {@code text} names.
   *
   * @throws DataException if nothing is there, or it is malformed
   */
  static Opened open(String text, Options options) {
    Path path = path(text);
    if (Files.exists(path)) {
      return inParts(path)
          ? part(path, Split.TEST, options).orElseThrow(() -> noPart(path, Split.TEST))
          : whole(text, path, options);
    }
    Optional<Path> file = Optional.ofNullable(path.getParent()).filter(OwnFiles::inParts);
    if (file.isPresent()) {
      Split split = Split.parse(String.valueOf(path.getFileName()));
      return part(file.get(), split, options).orElseThrow(() -> noPart(file.get(), split));
    }
    throw new DataException(
        "'%s' is neither a known data set (%s) nor a file or folder that exists"
            .formatted(text, KnownSets.names()));
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException notAPath) {
      throw new DataException("'" + text + "' is neither a known data set nor a path", notAPath);
    }
  }

  private static DataException noPart(Path path, Split split) {
    return DataException.in(path, "has a part for training, but none called " + split);
  }

  /** Whether a path holds a part for training, and others beside it. */
  public static boolean inParts(Path path) {
    return isArchive(path)
        ? Files.isRegularFile(path) && ArrayMembers.hasPart(path, Split.TRAIN.toString())
        : folder(path, Split.TRAIN).filter(ImageFolder::hasClasses).isPresent();
  }

  private static boolean isArchive(Path path) {
    return path.toString().endsWith(".npz");
  }

  private static Optional<Path> folder(Path path, Split split) {
    return names(split).stream().map(path::resolve).filter(Files::isDirectory).findFirst();
  }

  /** What a part may be called. */
  private static List<String> names(Split split) {
    return split == Split.VALIDATION ? List.of("validation", "val") : List.of(split.toString());
  }

  /**
   * One part of data in parts.
   *
   * @return empty if there is no such part
   */
  public static Optional<Opened> part(Path path, Split split, Options options) {
    if (!isArchive(path)) {
      return folder(path, split).map(folder -> whole(folder.toString(), folder, options));
    }
    requireNoResize(path, options);
    return names(split).stream()
        .flatMap(name -> ArrayMembers.part(path, name).stream())
        .findFirst()
        .map(members -> arrays(path + "/" + split, members, options));
  }

  /**
   * All of a path that is not in parts.
   *
   * @param text what reports call it
   */
  public static Opened whole(String text, Path path, Options options) {
    if (Files.isDirectory(path) || ImageFolder.isImage(path)) {
      ImageFolder.ReadImages folder = ImageFolder.read(path, options.resize(), options.channels());
      return new Opened(
          text,
          new Inputs.Images(folder.set(), folder.labelled()),
          Optional.empty(),
          Optional.empty(),
          folder.notes());
    }
    requireNoResize(path, options);
    if (text.endsWith(".npy")) {
      return arrays(text, new ArrayMembers(Npy.read(path), Optional.empty(), List.of()), options);
    }
    if (text.endsWith(".npz")) {
      return arrays(text, ArrayMembers.read(path), options);
    }
    if (path.toString().endsWith(".txt")) {
      return text(text, path);
    }
    throw DataException.in(
        path,
        "expected an .npz, .npy or .txt file, or an image or a folder of images (PNG, JPEG, BMP)");
  }

  /**
   * What a network takes of a path's data where nobody says: {@code unit} of pixels, which images
   * are, unsigned bytes, and integers from 0 to 255 in rows and columns; {@code none} of other
   * arrays.
   */
  public static Preprocessing usualPreprocessing(Path path) {
    if (!isArchive(path)) {
      return new Preprocessing.Unit();
    }
    NpyArray x =
        ArrayMembers.part(path, Split.TRAIN.toString())
            .orElseGet(() -> ArrayMembers.read(path))
            .inputs();
    return x.type() == NpyType.UINT8 || x.shape().size() > 2 && arePixels(x)
        ? new Preprocessing.Unit()
        : new Preprocessing.AsTheyAre();
  }

  private static boolean arePixels(NpyArray x) {
    for (int i = 0; i < x.elements(); i++) {
      if (x.type().isFloating() || x.integer(i) < 0 || x.integer(i) > BRIGHTEST) {
        return false;
      }
    }
    return true;
  }

  private static void requireNoResize(Path path, Options options) {
    if (options.resize().isPresent()) {
      throw DataException.in(path, "only images can be resized, not arrays");
    }
  }

  private static Opened text(String name, Path path) {
    String text;
    try {
      if (Files.size(path) > MOST_BYTES) {
        throw DataException.in(path, "is longer than " + MOST_BYTES + " bytes of text");
      }
      byte[] bytes = Files.readAllBytes(path);
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException binary) {
      throw new DataException(path + ": is not a text in UTF-8", binary);
    } catch (IOException problem) {
      throw DataException.unreadable(path, problem);
    }
    TextSet set = TextSet.of(name, text, DataCatalog.TEXT_WINDOW);
    if (set.size() == 0) {
      throw DataException.in(
          path,
          "is a text of %d characters, expected at least a window of %d"
              .formatted(set.ids().length, set.length()));
    }
    return new Opened(
        name,
        new Inputs.TextWindows(set),
        Optional.empty(),
        Optional.empty(),
        List.of("a text: " + set));
  }

  private static Opened arrays(String text, ArrayMembers members, Options options) {
    List<String> notes = new ArrayList<>(members.notes());
    ArrayOrder order =
        ArrayOrder.of(members.inputs(), options.layout(), options.usualLayout(), options.shape());
    notes.addAll(order.notes());
    NpyArray x = order.array();
    Inputs inputs =
        ArrayInputs.of(
            text, x, members.labels(), order.layout(), options.shape(), options.targets());
    if (options.shape().filter(shape -> shape.isRows(x.shape())).isPresent()) {
      notes.add(
          "rows of %d elements, taken in the order %s (layout %s)"
              .formatted(
                  inputs.inputLength(),
                  switch (order.layout()) {
                    case NCHW -> "channels, rows, columns";
                    case NHWC -> "rows, columns, channels";
                  },
                  order.layout()));
    }
    notes.add(
        "%d inputs of %s, shape %s%s"
            .formatted(
                inputs.count(),
                x.type().name().toLowerCase(Locale.ROOT),
                x.shape(),
                inputs
                    .targets()
                    .map(t ->
                        t.kind() == TargetKind.CLASSES
                            ? ", labelled"
                            : ", each with " + t.describe())
                    .orElse(", without labels")));
    return new Opened(text, inputs, Optional.empty(), Optional.empty(), notes);
  }
}
