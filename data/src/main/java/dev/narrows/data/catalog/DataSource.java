package dev.narrows.data.catalog;

import dev.narrows.data.DataException;
import dev.narrows.data.Examples;
import dev.narrows.data.ImageResize;
import dev.narrows.data.ImageSet;
import dev.narrows.data.InputShape;
import dev.narrows.data.Inputs;
import dev.narrows.data.Layout;
import dev.narrows.data.file.ArrayInputs;
import dev.narrows.data.file.ArrayMembers;
import dev.narrows.data.file.ArrayOrder;
import dev.narrows.data.file.ImageFolder;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The one door from what a user writes after {@code --data} to a network's inputs.
 *
 * <p>The text is a known set ({@code cifar10}, {@code mnist}, {@code fashion-mnist}, {@code
 * fashion-small}), alone or with {@code /train}, {@code /validation} or {@code /test} (the
 * default); or the path of an {@code .npz} with {@code x} and perhaps {@code y}, of an {@code
 * .npy}, of an image, or of a folder of images, with one sub-folder for each class or, unlabelled,
 * without. A known name wins over a path: write {@code ./mnist} for a folder of that name.
 */
public final class DataSource {
  private DataSource() {}

  /**
   * What the user may add to the text.
   *
   * @param roots where known sets are looked for
   * @param layout the layout of four-dimensional arrays; inferred if empty
   * @param usualLayout the layout where an array's shape fits both
   * @param resize the size to bring images to
   * @param channels how many channels a folder of images is to have; inferred if empty
   * @param shape of the inputs that the network takes, if known
   * @param validation how validation images are split off
   */
  public record Options(
      DataRoots roots,
      Optional<Layout> layout,
      Optional<Layout> usualLayout,
      Optional<ImageFolder.Size> resize,
      Optional<Integer> channels,
      Optional<InputShape> shape,
      DataCatalog.Validation validation) {
    /** Nothing added. */
    public static Options of(DataRoots roots) {
      return new Options(
          roots,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          DataCatalog.Validation.DEFAULT);
    }

    /** These with another layout. */
    public Options withLayout(Layout newLayout) {
      return new Options(
          roots, Optional.of(newLayout), usualLayout, resize, channels, shape, validation);
    }

    /** These with a layout for arrays whose shape fits both. */
    public Options withUsualLayout(Layout usual) {
      return new Options(roots, layout, Optional.of(usual), resize, channels, shape, validation);
    }

    /** These with another size. */
    public Options withResize(ImageFolder.Size size) {
      return new Options(
          roots, layout, usualLayout, Optional.of(size), channels, shape, validation);
    }

    /** These with another number of channels. */
    public Options withChannels(int count) {
      return new Options(roots, layout, usualLayout, resize, Optional.of(count), shape, validation);
    }

    /** These for a network whose inputs have this shape. */
    public Options withShape(InputShape taken) {
      return new Options(
          roots,
          layout,
          usualLayout,
          resize,
          Optional.of(taken.channels()),
          Optional.of(taken),
          validation);
    }

    /** These with another way to split validation images off. */
    public Options withValidation(DataCatalog.Validation newValidation) {
      return new Options(roots, layout, usualLayout, resize, channels, shape, newValidation);
    }
  }

  /**
   * What was opened.
   *
   * @param name the canonical text: a known set always with its split
   * @param set the known set, if it is one
   * @param split the split of the known set
   * @param notes what was inferred or left out, in lines for the user
   */
  public record Opened(
      String name,
      Inputs inputs,
      Optional<KnownSet> set,
      Optional<Split> split,
      List<String> notes) {}

  /**
   * Reads what {@code text} names.
   *
   * @throws DataException in one line, if there is no such data or it is malformed
   */
  public static Opened open(String text, Options options) {
    int slash = text.indexOf('/');
    String first = slash < 0 ? text : text.substring(0, slash);
    Optional<KnownSet> known = KnownSets.named(first);
    if (known.isPresent()) {
      return openKnown(known.get(), slash < 0 ? "test" : text.substring(slash + 1), options);
    }
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException notAPath) {
      throw new DataException("'" + text + "' is neither a known data set nor a path", notAPath);
    }
    if (!Files.exists(path)) {
      throw new DataException(
          "'%s' is neither a known data set (%s) nor a file or folder that exists"
              .formatted(text, KnownSets.names()));
    }
    return openPath(text, path, options);
  }

  private static Opened openKnown(KnownSet set, String splitText, Options options) {
    Split split = Split.parse(splitText);
    Examples examples = new DataCatalog(options.roots()).examples(set, split, options.validation());
    if (options.resize().isPresent()) {
      if (!(examples instanceof ImageSet images)) {
        throw new DataException(examples.name() + ": only images can be resized, not a text");
      }
      ImageFolder.Size size = options.resize().get();
      examples = ImageResize.apply(images, size.height(), size.width());
    }
    return new Opened(
        examples.name(), Inputs.of(examples), Optional.of(set), Optional.of(split), List.of());
  }

  private static Opened openPath(String text, Path path, Options options) {
    if (Files.isDirectory(path) || ImageFolder.isImage(path)) {
      ImageFolder.ReadImages folder = ImageFolder.read(path, options.resize(), options.channels());
      return new Opened(
          text,
          new Inputs.Images(folder.set(), folder.labelled()),
          Optional.empty(),
          Optional.empty(),
          folder.notes());
    }
    if (options.resize().isPresent()) {
      throw DataException.in(path, "only images can be resized, not arrays");
    }
    if (text.endsWith(".npy")) {
      return arrays(text, new ArrayMembers(Npy.read(path), Optional.empty(), List.of()), options);
    }
    if (text.endsWith(".npz")) {
      return arrays(text, ArrayMembers.read(path), options);
    }
    throw DataException.in(
        path, "expected an .npz or .npy file, or an image or a folder of images (PNG, JPEG, BMP)");
  }

  private static Opened arrays(String text, ArrayMembers members, Options options) {
    List<String> notes = new ArrayList<>(members.notes());
    ArrayOrder order =
        ArrayOrder.of(members.inputs(), options.layout(), options.usualLayout(), options.shape());
    notes.addAll(order.notes());
    NpyArray x = order.array();
    Inputs inputs = ArrayInputs.of(text, x, members.labels(), order.layout(), options.shape());
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
                inputs.labels().isPresent() ? ", labelled" : ", without labels"));
    return new Opened(text, inputs, Optional.empty(), Optional.empty(), notes);
  }
}
