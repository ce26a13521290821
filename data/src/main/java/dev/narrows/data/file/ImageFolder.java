package dev.narrows.data.file;

import dev.narrows.data.DataException;
import dev.narrows.data.ImageResize;
import dev.narrows.data.ImageSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A folder of images with one sub-folder for each class, as for torchvision's {@code ImageFolder}:
 * classes are the sub-folders in the order of their names (by UTF-16 code unit, so upper case comes
 * first), and within a class the images are in the order of theirs. Sub-folders that are all called
 * by numbers are the classes of those numbers. A folder without sub-folders, or a single file,
 * holds images without labels. Hidden files are skipped.
 */
public final class ImageFolder {
  private static final int MOST_SHOWN = 10;

  private ImageFolder() {}

  /** A size to bring images to, in pixels, each at least 1. */
  public record Size(int height, int width) {
    /** Checks the size. */
    public Size {
      if (height < 1 || width < 1) {
        throw new DataException("image size must be positive, got " + height + "×" + width);
      }
    }

    /** Reads {@code HEIGHTxWIDTH} such as {@code 32x32}. */
    public static Size parse(String text) {
      if (!text.matches("\\d{1,5}x\\d{1,5}")) {
        throw new DataException("expected HEIGHTxWIDTH such as 32x32, found \"" + text + "\"");
      }
      String[] parts = text.split("x");
      return new Size(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    /** The text that {@link #parse} reads back. */
    public String text() {
      return height + "x" + width;
    }
  }

  /**
   * What was read.
   *
   * @param labelled whether the set's labels are known
   * @param notes what was inferred or left out, in lines for the user
   */
  public record ReadImages(ImageSet set, boolean labelled, List<String> notes) {}

  /** Whether a path is a file that is called like an image. */
  public static boolean isImage(Path path) {
    return Files.isRegularFile(path) && ImageFile.hasImageName(path);
  }

  /** Whether a folder has sub-folders, as those with one for each class do. */
  public static boolean hasClasses(Path folder) {
    return Files.isDirectory(folder) && !list(folder, Files::isDirectory).isEmpty();
  }

  /**
   * Reads the folder, or a single image.
   *
   * @param resize the size to bring all images to; without it they must agree in size
   * @param channels 1 or 3; without it 1 if all files are grey, else 3
   * @throws DataException naming the file or folder and what was expected
   */
  public static ReadImages read(Path folder, Optional<Size> resize, Optional<Integer> channels) {
    List<String> notes = new ArrayList<>();
    Listed listed = isImage(folder) ? Listed.of(List.of(folder)) : list(folder, notes);
    List<ImageFile> images = decode(listed.files(), resize);
    int wanted = channels.orElse(images.stream().allMatch(i -> i.channels() == 1) ? 1 : 3);
    if (wanted != 1 && wanted != 3) {
      throw DataException.in(folder, "images have 1 or 3 channels, not " + wanted);
    }
    notes.add(
        "%d images of %d×%d×%d%s"
            .formatted(
                images.size(),
                wanted,
                images.get(0).height(),
                images.get(0).width(),
                listed.labelled()
                    ? " in %d classes".formatted(listed.folders())
                    : ", without labels"));
    return new ReadImages(
        new ImageSet(
            folder.toString(),
            wanted,
            images.get(0).height(),
            images.get(0).width(),
            listed.classes(),
            join(images, wanted),
            listed.labels().stream().mapToInt(Integer::intValue).toArray(),
            listed.names()),
        listed.labelled(),
        notes);
  }

  /**
   * The files to read.
   *
   * @param folders that hold them; 0 if they have no labels
   * @param classes one more than the greatest label
   * @param names of the classes, if each has one
   */
  private record Listed(
      List<Path> files, List<Integer> labels, int folders, int classes, List<String> names) {
    static Listed of(List<Path> unlabelled) {
      return new Listed(unlabelled, Collections.nCopies(unlabelled.size(), 0), 0, 1, List.of());
    }

    boolean labelled() {
      return folders > 0;
    }
  }

  private static Listed list(Path folder, List<String> notes) {
    List<Path> classes = list(folder, Files::isDirectory);
    List<Path> beside = list(folder, Files::isRegularFile);
    List<Path> flat = beside.stream().filter(ImageFile::hasImageName).toList();
    if (classes.isEmpty()) {
      if (flat.isEmpty()) {
        throw DataException.in(
            folder, "expected PNG, JPEG or BMP files, or one sub-folder of them for each class");
      }
      ignored(beside.size() - flat.size(), notes);
      return Listed.of(flat);
    }
    if (!flat.isEmpty()) {
      notes.add("images ignored because they lie beside the folders of classes: " + flat.size());
    }
    return labelled(classes, notes);
  }

  private static Listed labelled(List<Path> classes, List<String> notes) {
    List<String> names = classes.stream().map(c -> c.getFileName().toString()).toList();
    Optional<List<Integer>> numbers = numbers(names);
    numbers.ifPresent(all ->
        notes.add("classes are the numbers that the sub-folders are called by: " + shown(all)));
    List<Path> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    int ignored = 0;
    for (int c = 0; c < classes.size(); c++) {
      List<Path> all = list(classes.get(c), Files::isRegularFile);
      List<Path> images = all.stream().filter(ImageFile::hasImageName).toList();
      if (images.isEmpty()) {
        throw DataException.in(classes.get(c), "expected PNG, JPEG or BMP files of this class");
      }
      ignored += all.size() - images.size();
      files.addAll(images);
      labels.addAll(
          Collections.nCopies(images.size(), numbers.isPresent() ? numbers.get().get(c) : c));
    }
    ignored(ignored, notes);
    return numbers
        .map(all ->
            new Listed(files, labels, names.size(), Collections.max(all) + 1, List.<String>of()))
        .orElseGet(() -> new Listed(files, labels, names.size(), names.size(), names));
  }

  private static void ignored(int files, List<String> notes) {
    if (files > 0) {
      notes.add("files ignored as not named like PNG, JPEG or BMP: " + files);
    }
  }

  /** The numbers that all folders are called by, if they are, each by another. */
  private static Optional<List<Integer>> numbers(List<String> names) {
    if (!names.stream().allMatch(name -> name.matches("\\d{1,6}"))) {
      return Optional.empty();
    }
    List<Integer> numbers = names.stream().map(Integer::valueOf).toList();
    return numbers.stream().distinct().count() == names.size()
        ? Optional.of(numbers)
        : Optional.empty();
  }

  private static String shown(List<Integer> numbers) {
    List<Integer> sorted = numbers.stream().sorted().toList();
    return sorted.size() <= MOST_SHOWN
        ? sorted.toString()
        : "%d … %d, %d of them".formatted(sorted.getFirst(), sorted.getLast(), sorted.size());
  }

  private static List<ImageFile> decode(List<Path> files, Optional<Size> resize) {
    List<ImageFile> images = new ArrayList<>();
    for (Path file : files) {
      ImageFile image = ImageFile.read(file);
      if (resize.isPresent()) {
        image = resized(image, resize.get());
      }
      ImageFile first = images.isEmpty() ? image : images.get(0);
      if (image.height() != first.height() || image.width() != first.width()) {
        throw DataException.in(
            file,
            "%d×%d pixels, expected %d×%d as in %s (or ask for a resize)"
                .formatted(
                    image.height(), image.width(), first.height(), first.width(), files.get(0)));
      }
      // Said at once, not after reading for an hour; grey is the least it can be.
      requireSize(files.size(), image.height() * image.width());
      images.add(image);
    }
    return images;
  }

  private static ImageFile resized(ImageFile image, Size size) {
    return new ImageFile(
        image.channels(),
        size.height(),
        size.width(),
        ImageResize.planes(
            image.pixels(),
            image.channels(),
            image.height(),
            image.width(),
            size.height(),
            size.width()));
  }

  private static byte[] join(List<ImageFile> images, int channels) {
    int length = channels * images.get(0).height() * images.get(0).width();
    requireSize(images.size(), length);
    byte[] pixels = new byte[images.size() * length];
    for (int i = 0; i < images.size(); i++) {
      System.arraycopy(
          images.get(i).withChannels(channels).pixels(), 0, pixels, i * length, length);
    }
    return pixels;
  }

  private static void requireSize(int images, int pixels) {
    if ((long) images * pixels > Integer.MAX_VALUE - 8) {
      throw new DataException(
          images + " images of " + pixels + " pixels exceed 2^31 (ask for a resize)");
    }
  }

  private static List<Path> list(Path folder, Predicate<Path> kind) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .filter(kind)
          .sorted((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString()))
          .toList();
    } catch (IOException problem) {
      throw DataException.unreadable(folder, problem);
    }
  }
}
