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
    return Files.isRegularFile(path) && ImageFile.hasImageName(path.toString());
  }

  /** Whether a folder has sub-folders, as those with one for each class do. */
  public static boolean hasClasses(Path folder) {
    return Files.isDirectory(folder) && !LOCAL.folders(folder.toString()).isEmpty();
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
    ListedImages listed =
        isImage(folder)
            ? ListedImages.of(List.of(folder.toString()), notes)
            : list(folder.toString(), LOCAL);
    notes.addAll(listed.notes());
    List<ImageFile> images = decode(listed.files().stream().map(Path::of).toList(), resize);
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

  /** What a folder holds, wherever it is; hidden entries too, in any order. */
  public interface FolderNames {
    /** The names of the folders in a folder. */
    List<String> folders(String folder);

    /** The names of the files in a folder. */
    List<String> files(String folder);
  }

  private static final FolderNames LOCAL =
      new FolderNames() {
        @Override
        public List<String> folders(String folder) {
          return names(folder, Files::isDirectory);
        }

        @Override
        public List<String> files(String folder) {
          return names(folder, Files::isRegularFile);
        }

        private List<String> names(String folder, Predicate<Path> kind) {
          try (Stream<Path> entries = Files.list(Path.of(folder))) {
            return entries.filter(kind).map(entry -> entry.getFileName().toString()).toList();
          } catch (IOException problem) {
            throw DataException.unreadable(folder, problem);
          }
        }
      };

  /**
   * The files to read.
   *
   * @param files the folder's path, a slash and what lies under it
   * @param labels one for each file; 0 if they are not known
   * @param folders that hold them; 0 if they have no labels
   * @param classes one more than the greatest label
   * @param names of the classes, if each has one
   * @param notes what was inferred or left out, in lines for the user
   */
  public record ListedImages(
      List<String> files,
      List<Integer> labels,
      int folders,
      int classes,
      List<String> names,
      List<String> notes) {
    /** Copies the lists. */
    public ListedImages {
      files = List.copyOf(files);
      labels = List.copyOf(labels);
      names = List.copyOf(names);
      notes = List.copyOf(notes);
    }

    static ListedImages of(List<String> unlabelled, List<String> notes) {
      return new ListedImages(
          unlabelled, Collections.nCopies(unlabelled.size(), 0), 0, 1, List.of(), notes);
    }

    /** Whether the labels are known. */
    public boolean labelled() {
      return folders > 0;
    }
  }

  /**
   * Lists a folder's images, reading none, in the order of {@link #read}.
   *
   * @throws DataException if it holds none
   */
  public static ListedImages list(String folder, FolderNames names) {
    List<String> notes = new ArrayList<>();
    List<String> classes = shown(names.folders(folder));
    List<String> beside = shown(names.files(folder));
    List<String> flat = beside.stream().filter(ImageFile::hasImageName).toList();
    if (classes.isEmpty()) {
      if (flat.isEmpty()) {
        throw new DataException(
            folder + ": expected PNG, JPEG or BMP files, or one sub-folder of them for each class");
      }
      ignored(beside.size() - flat.size(), notes);
      return ListedImages.of(flat.stream().map(name -> folder + "/" + name).toList(), notes);
    }
    if (!flat.isEmpty()) {
      notes.add("images ignored because they lie beside the folders of classes: " + flat.size());
    }
    return labelled(folder, classes, names, notes);
  }

  /** Those that are not hidden, by UTF-16 code unit. */
  private static List<String> shown(List<String> names) {
    return names.stream().filter(name -> !name.startsWith(".")).sorted().toList();
  }

  private static ListedImages labelled(
      String folder, List<String> names, FolderNames lister, List<String> notes) {
    Optional<List<Integer>> numbers = numbers(names);
    numbers.ifPresent(all ->
        notes.add("classes are the numbers that the sub-folders are called by: " + numbered(all)));
    List<String> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    int ignored = 0;
    for (int c = 0; c < names.size(); c++) {
      String of = folder + "/" + names.get(c);
      List<String> all = shown(lister.files(of));
      List<String> images = all.stream().filter(ImageFile::hasImageName).toList();
      if (images.isEmpty()) {
        throw new DataException(of + ": expected PNG, JPEG or BMP files of this class");
      }
      ignored += all.size() - images.size();
      images.forEach(name -> files.add(of + "/" + name));
      labels.addAll(
          Collections.nCopies(images.size(), numbers.isPresent() ? numbers.get().get(c) : c));
    }
    ignored(ignored, notes);
    return numbers
        .map(all ->
            new ListedImages(
                files, labels, names.size(), Collections.max(all) + 1, List.<String>of(), notes))
        .orElseGet(() -> new ListedImages(files, labels, names.size(), names.size(), names, notes));
  }

  /**
   * One decoded image.
   *
   * @param pixels uint8, CHW
   */
  public record DecodedImage(int channels, int height, int width, byte[] pixels) {}

  /**
   * Decodes the bytes of a file as {@link #read} does.
   *
   * @param name what errors call it
   * @param resize the size to bring it to
   * @param channels 1 or 3
   * @throws DataException naming the file
   */
  public static DecodedImage decode(
      String name, byte[] bytes, Optional<Size> resize, int channels) {
    ImageFile image = ImageFile.read(name, bytes);
    if (resize.isPresent()) {
      image = resized(image, resize.get());
    }
    ImageFile wanted = image.withChannels(channels);
    return new DecodedImage(channels, wanted.height(), wanted.width(), wanted.pixels());
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

  private static String numbered(List<Integer> numbers) {
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
}
