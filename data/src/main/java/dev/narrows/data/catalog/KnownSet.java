package dev.narrows.data.catalog;

import dev.narrows.data.upscale.UpscalingTiles;
import java.util.List;
import java.util.stream.Stream;

/**
 * A data set that is known by name: what it is made of, where it comes from and what may be done
 * with it.
 *
 * @param name as users write it, such as {@code fashion-mnist}
 * @param description one line
 * @param licence one line, as its makers state it
 * @param homepage where it is described
 * @param form how its files are read
 * @param classNames one for each class; none for a text, whose classes are its characters
 * @param validation how many training examples are held out for validation unless told otherwise;
 *     of images to be enlarged, how many images
 * @param train the training files; for {@link FileForm#IDX} images, then labels; for a text its one
 *     file, which all splits are cut from; for {@link FileForm#TEXT_PARTS} that of validation
 * @param test the test files, likewise
 * @param downloads where the files come from; empty for embedded sets
 * @param factor by which images are to be enlarged; 1 if they are not
 */
public record KnownSet(
    String name,
    String description,
    String licence,
    String homepage,
    FileForm form,
    List<String> classNames,
    int validation,
    List<DataFile> train,
    List<DataFile> test,
    List<Download> downloads,
    int factor) {

  /** How a set's files are read. */
  public enum FileForm {
    /** A file of images and a file of labels in IDX form. */
    IDX,
    /** Files of CIFAR-10 records. */
    CIFAR,
    /** IDX files that are resources of this program. */
    EMBEDDED_IDX,
    /** One text in UTF-8, cut into splits by position. */
    TEXT,
    /** Such a text that is a resource of this program. */
    EMBEDDED_TEXT,
    /** A text in UTF-8 for validation and one for testing; none to train on. */
    TEXT_PARTS,
    /** Files of images of any size, whose luma is to be enlarged. */
    UPSCALING
  }

  /** A set whose images are not to be enlarged. */
  public KnownSet(
      String name,
      String description,
      String licence,
      String homepage,
      FileForm form,
      List<String> classNames,
      int validation,
      List<DataFile> train,
      List<DataFile> test,
      List<Download> downloads) {
    this(
        name,
        description,
        licence,
        homepage,
        form,
        classNames,
        validation,
        train,
        test,
        downloads,
        1);
  }

  /** Keeps the lists as given. */
  public KnownSet {
    classNames = List.copyOf(classNames);
    train = List.copyOf(train);
    test = List.copyOf(test);
    downloads = List.copyOf(downloads);
  }

  /** Whether the set is part of this program. */
  public boolean embedded() {
    return form == FileForm.EMBEDDED_IDX || form == FileForm.EMBEDDED_TEXT;
  }

  /** Whether it is a text that splits are cut from, not images. */
  public boolean isText() {
    return form == FileForm.TEXT || form == FileForm.EMBEDDED_TEXT;
  }

  /** Whether its images are to be enlarged. */
  public boolean isUpscaling() {
    return form == FileForm.UPSCALING;
  }

  /** What whoever uses it should know, in lines. */
  public List<String> notes() {
    return isUpscaling()
        ? List.of(
            "%s: luma of whole images in tiles of %d×%d; licence: %s"
                .formatted(name, UpscalingTiles.SIDE, UpscalingTiles.SIDE, licence))
        : List.of();
  }

  /** All files, training first. */
  public List<DataFile> files() {
    return Stream.concat(train.stream(), test.stream()).toList();
  }

  /** The length of all files' uncompressed content in bytes. */
  public long contentBytes() {
    return files().stream().mapToLong(DataFile::bytes).sum();
  }

  /** The files that {@code split} is read from. */
  public List<DataFile> files(Split split) {
    return switch (split) {
      case TRAIN, VALIDATION -> train;
      case TEST -> isText() ? train : test;
    };
  }
}
