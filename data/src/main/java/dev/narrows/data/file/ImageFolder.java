package dev.narrows.data.file;

import dev.narrows.data.DataException;
import dev.narrows.data.ImageResize;
import dev.narrows.data.ImageSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A folder of images with one sub-folder for each class, as for torchvision's {@code ImageFolder}:
 * classes are the sub-folders in the order of their names (by UTF-16 code unit, so upper case comes
 * first), and within a class the images are in the order of theirs. Hidden files are skipped.
 */
public final class ImageFolder {
  private ImageFolder() {}

  /** A size to bring images to, in pixels, each at least 1. */
  public record Size(int height, int width) {
    /** Checks the size. */
    public Size {
      if (height < 1 || width < 1) {
        throw new DataException("image size must be positive, got " + height + "×" + width);
      }
    }
  }

  /**
   * What was read.
   *
   * @param notes what was inferred or left out, in lines for the user
   */
  public record ReadImages(ImageSet set, List<String> notes) {}

  /**
   * Reads the folder.
   *
   * @param resize the size to bring all images to; without it they must agree in size
   * @param channels 1 or 3; without it 1 if all files are grey, else 3
   * @throws DataException naming the file or folder and what was expected
   */
  public static ReadImages read(Path folder, Optional<Size> resize, Optional<Integer> channels) {
    List<Path> classes = list(folder, Files::isDirectory);
    if (classes.isEmpty()) {
      throw DataException.in(folder, "expected one sub-folder of images for each class");
    }
    List<String> notes = new ArrayList<>();
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
      for (int i = 0; i < images.size(); i++) {
        labels.add(c);
      }
    }
    if (ignored > 0) {
      notes.add("files ignored as not named like PNG, JPEG or BMP: " + ignored);
    }
    List<ImageFile> images = decode(files, resize);
    int wanted = channels.orElse(images.stream().allMatch(i -> i.channels() == 1) ? 1 : 3);
    if (wanted != 1 && wanted != 3) {
      throw DataException.in(folder, "images have 1 or 3 channels, not " + wanted);
    }
    notes.add(
        "%d images of %d×%d×%d in %d classes"
            .formatted(
                images.size(),
                wanted,
                images.get(0).height(),
                images.get(0).width(),
                classes.size()));
    return new ReadImages(
        new ImageSet(
            folder.toString(),
            wanted,
            images.get(0).height(),
            images.get(0).width(),
            classes.size(),
            join(images, wanted),
            labels.stream().mapToInt(Integer::intValue).toArray(),
            classes.stream().map(c -> c.getFileName().toString()).toList()),
        notes);
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
