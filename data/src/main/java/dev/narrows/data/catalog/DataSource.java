package dev.narrows.data.catalog;

import dev.narrows.data.DataException;
import dev.narrows.data.Examples;
import dev.narrows.data.ImageResize;
import dev.narrows.data.ImageSet;
import dev.narrows.data.InputShape;
import dev.narrows.data.Inputs;
import dev.narrows.data.Layout;
import dev.narrows.data.Targets.TargetKind;
import dev.narrows.data.file.ImageFolder;
import java.util.List;
import java.util.Optional;

/**
 * The one door from what a user writes after {@code --data} to a network's inputs.
 *
 * <p>The text is a known set ({@code cifar10}, {@code mnist}, {@code fashion-mnist}, {@code
 * fashion-small}), alone or with {@code /train}, {@code /validation} or {@code /test} (the
 * default); or the path of what {@link OwnFiles} reads. A known name wins over a path: write {@code
 * ./mnist} for a folder of that name.
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
   * @param targets what the targets of arrays are; inferred if empty
   */
  public record Options(
      DataRoots roots,
      Optional<Layout> layout,
      Optional<Layout> usualLayout,
      Optional<ImageFolder.Size> resize,
      Optional<Integer> channels,
      Optional<InputShape> shape,
      DataCatalog.Validation validation,
      Optional<TargetKind> targets) {
    /** Nothing added. */
    public static Options of(DataRoots roots) {
      return new Options(
          roots,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          DataCatalog.Validation.DEFAULT,
          Optional.empty());
    }

    /** These with another layout. */
    public Options withLayout(Layout newLayout) {
      return new Options(
          roots, Optional.of(newLayout), usualLayout, resize, channels, shape, validation, targets);
    }

    /** These with a layout for arrays whose shape fits both. */
    public Options withUsualLayout(Layout usual) {
      return new Options(
          roots, layout, Optional.of(usual), resize, channels, shape, validation, targets);
    }

    /** These with another size. */
    public Options withResize(ImageFolder.Size size) {
      return new Options(
          roots, layout, usualLayout, Optional.of(size), channels, shape, validation, targets);
    }

    /** These with another number of channels. */
    public Options withChannels(int count) {
      return new Options(
          roots, layout, usualLayout, resize, Optional.of(count), shape, validation, targets);
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
          validation,
          targets);
    }

    /** These with another way to split validation images off. */
    public Options withValidation(DataCatalog.Validation newValidation) {
      return new Options(
          roots, layout, usualLayout, resize, channels, shape, newValidation, targets);
    }

    /** These with targets of a kind. */
    public Options withTargets(TargetKind kind) {
      return new Options(
          roots, layout, usualLayout, resize, channels, shape, validation, Optional.of(kind));
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
    return OwnFiles.open(text, options);
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
        examples.name(), Inputs.of(examples), Optional.of(set), Optional.of(split), set.notes());
  }
}
