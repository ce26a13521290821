package dev.narrows.data.catalog;

import dev.narrows.data.ArraySet;
import dev.narrows.data.DataException;
import dev.narrows.data.Examples;
import dev.narrows.data.HoldOut;
import dev.narrows.data.ImageSet;
import dev.narrows.data.TextSet;
import dev.narrows.data.file.CifarBinary;
import dev.narrows.data.file.DataPointer;
import dev.narrows.data.file.Idx;
import dev.narrows.data.file.LumaFile;
import dev.narrows.data.upscale.LumaImage;
import dev.narrows.data.upscale.UpscalingTiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * The known data sets as they are found in some roots.
 *
 * @param roots where to look
 */
public record DataCatalog(DataRoots roots) {
  /**
   * How validation images are split off.
   *
   * @param count how many; without it, the set's own number
   * @param seed which ones
   */
  public record Validation(OptionalInt count, long seed) {
    /** The set's own number of images, seed 0. */
    public static final Validation DEFAULT = new Validation(OptionalInt.empty(), 0);

    /** Nothing is held out: all training images train. */
    public static final Validation NONE = new Validation(OptionalInt.of(0), 0);

    /** {@code count} images, chosen by {@code seed}. */
    public static Validation of(int count, long seed) {
      return new Validation(OptionalInt.of(count), seed);
    }
  }

  /** Characters of a window of text. */
  public static final int TEXT_WINDOW = 64;

  /** One window in so many, the last ones of a text, is for testing. */
  private static final int TEST_PART = 20;

  /**
   * Reads one split of images, of images to be enlarged, or of a text. A text's last 5 % are the
   * test set, the validation windows come before them, and the rest is for training: the seed
   * chooses nothing.
   *
   * @throws DataException as {@link #load} does
   */
  public Examples examples(KnownSet set, Split split, Validation validation) {
    return switch (set.form()) {
      case TEXT, EMBEDDED_TEXT -> text(set, split, validation);
      case TEXT_PARTS -> TextSet.of(set.name() + "/" + split, part(set, split), TEXT_WINDOW);
      case UPSCALING -> tiles(set, split, validation);
      case IDX, CIFAR, EMBEDDED_IDX -> load(set, split, validation);
    };
  }

  /** Whole images are held out, and what is not trained on is measured as whole images. */
  private ArraySet tiles(KnownSet set, Split split, Validation validation) {
    List<DataFile> files = set.files(split);
    String name = set.name() + "/" + split;
    if (files.isEmpty()) {
      throw new DataException(name + ": the set is for testing, it has no such images");
    }
    List<Path> found = find(set, files);
    int held = Math.min(validation.count().orElse(set.validation()), found.size());
    HoldOut parts = HoldOut.of(new int[found.size()], 1, held, validation.seed());
    UpscalingTiles tiles = new UpscalingTiles(set.factor());
    return switch (split) {
      case TEST -> tiles.whole(name, luma(found, IntStream.range(0, found.size()).toArray()));
      case TRAIN -> {
        if (parts.kept().length == 0) {
          throw new DataException(
              "%s: %d images held out for validation leave none to train on"
                  .formatted(set.name(), held));
        }
        yield tiles.train(name, luma(found, parts.kept()));
      }
      case VALIDATION -> {
        if (held == 0) {
          throw new DataException(set.name() + ": no images are held out for validation");
        }
        yield tiles.whole(name, luma(found, parts.held()));
      }
    };
  }

  /**
   * The test images of a set of images to be enlarged.
   *
   * @throws DataException if a file is missing or malformed
   */
  public List<LumaImage> testImages(KnownSet set) {
    List<Path> found = find(set, set.files(Split.TEST));
    return luma(found, IntStream.range(0, found.size()).toArray());
  }

  private static List<LumaImage> luma(List<Path> files, int[] chosen) {
    return Arrays.stream(chosen).mapToObj(i -> LumaFile.read(files.get(i))).toList();
  }

  /**
   * A split of a text, all of it.
   *
   * @throws DataException if the set is no text, or as {@link #examples} does
   */
  public String text(KnownSet set, Split split) {
    return switch (set.form()) {
      case TEXT, EMBEDDED_TEXT -> text(set, split, Validation.DEFAULT).text();
      case TEXT_PARTS -> part(set, split);
      case IDX, CIFAR, EMBEDDED_IDX, UPSCALING ->
          throw new DataException(set.name() + ": holds images, expected a text");
    };
  }

  private String part(KnownSet set, Split split) {
    if (split == Split.TRAIN) {
      throw new DataException(
          set.name() + ": has a text for validation and one for testing, none to train on");
    }
    return readText(set, set.files(split));
  }

  private TextSet text(KnownSet set, Split split, Validation validation) {
    TextSet whole =
        TextSet.of(set.name() + "/" + split, readText(set, set.files(split)), TEXT_WINDOW);
    int windows = whole.size();
    int test = windows - windows / TEST_PART;
    int held = validation.count().orElse(set.validation());
    int train = test - held;
    if (train < 1) {
      throw new DataException(
          "%s: %d windows held out for validation leave none of %d to train on"
              .formatted(set.name(), held, test));
    }
    if (split == Split.VALIDATION && held == 0) {
      throw new DataException(set.name() + ": no windows are held out for validation");
    }
    return switch (split) {
      case TRAIN -> whole.slice(0, train);
      case VALIDATION -> whole.slice(train, test);
      case TEST -> whole.slice(test, windows);
    };
  }

  private String readText(KnownSet set, List<DataFile> files) {
    DataFile file = files.getFirst();
    String place = file.path();
    try (InputStream in = set.embedded() ? embedded(file) : content(find(set, files).getFirst())) {
      byte[] bytes = in.readNBytes(Math.toIntExact(file.bytes() + 1));
      if (bytes.length != file.bytes()) {
        throw new DataException(
            "%s: expected %d bytes, found %s"
                .formatted(
                    place, file.bytes(), bytes.length > file.bytes() ? "more" : bytes.length));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException malformed) {
      throw new DataException(place + ": is not a text in UTF-8", malformed);
    } catch (IOException problem) {
      throw DataException.unreadable(place, problem);
    }
  }

  /**
   * Reads one split of images.
   *
   * @throws DataException if a file is missing (naming the file, the roots and the command that
   *     fetches it) or malformed, if the split is empty, or if the set is a text
   */
  public ImageSet load(KnownSet set, Split split, Validation validation) {
    ImageSet images = read(set, split).named(set.name() + "/" + split);
    return switch (split) {
      case TEST -> images;
      case TRAIN -> images.select(holdOut(set, images, validation).kept());
      case VALIDATION -> {
        HoldOut held = holdOut(set, images, validation);
        if (held.held().length == 0) {
          throw new DataException(set.name() + ": no images are held out for validation");
        }
        yield images.select(held.held());
      }
    };
  }

  private static HoldOut holdOut(KnownSet set, ImageSet train, Validation validation) {
    int count = validation.count().orElse(Math.min(set.validation(), train.size()));
    return HoldOut.of(train.labels(), train.classes(), count, validation.seed());
  }

  /**
   * The files of a set of images that is no part of this program, where they are.
   *
   * @throws DataException if one is missing
   */
  public List<Path> files(KnownSet set, Split split) {
    return find(set, set.files(split));
  }

  private ImageSet read(KnownSet set, Split split) {
    List<DataFile> files = set.files(split);
    int classes = set.classNames().size();
    return switch (set.form()) {
      case EMBEDDED_IDX ->
          Idx.images(
              set.name(),
              files.get(0).path(),
              readEmbedded(files.get(0), 3),
              files.get(1).path(),
              readEmbedded(files.get(1), 1),
              classes,
              set.classNames());
      case IDX -> {
        List<Path> found = find(set, files);
        yield Idx.readImages(set.name(), found.get(0), found.get(1), classes, set.classNames());
      }
      case CIFAR -> CifarBinary.read(set.name(), find(set, files), classes, set.classNames());
      case TEXT, EMBEDDED_TEXT, TEXT_PARTS ->
          throw new DataException(set.name() + ": is a text, expected a set of images");
      case UPSCALING ->
          throw new DataException(set.name() + ": has no classes, expected a set that has");
    };
  }

  private static Idx.Array readEmbedded(DataFile file, int rank) {
    try (InputStream in = embedded(file)) {
      return Idx.read(file.path(), in, file.bytes(), rank);
    } catch (IOException problem) {
      throw DataException.unreadable(file.path(), problem);
    }
  }

  private static InputStream embedded(DataFile file) throws IOException {
    String resource = "/dev/narrows/data/" + file.path() + ".gz";
    InputStream in = DataCatalog.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IOException("this program lacks its part " + resource);
    }
    return new GZIPInputStream(in, 1 << 16);
  }

  /** All of {@code files} from the first root that has them all: two copies are never mixed. */
  private List<Path> find(KnownSet set, List<DataFile> files) {
    for (Path root : roots.roots()) {
      List<Path> found =
          files.stream().map(f -> DataRoots.findIn(root, f)).flatMap(Optional::stream).toList();
      if (found.size() == files.size()) {
        return found;
      }
    }
    String missing =
        files.stream()
            .filter(file -> roots.find(file).isEmpty())
            .findFirst()
            .map(DataFile::path)
            .orElse("one folder with all files of " + set.name());
    throw new DataException(
        "%s: %s not found (nor .gz) in %s; get it by: narrows data fetch %s"
            .formatted(set.name(), missing, roots, set.name()));
  }

  /**
   * A known set and what there is of it.
   *
   * @param where the folder of the first file found; empty if none is, or if the set is embedded
   * @param filesFound how many of {@code set.files()} are there
   * @param bytesOnDisk their length as they lie there
   */
  public record Listing(KnownSet set, Optional<Path> where, int filesFound, long bytesOnDisk) {
    /** Whether all files are there. */
    public boolean complete() {
      return filesFound == set.files().size();
    }
  }

  /** All known sets and where they are. */
  public List<Listing> list() {
    return KnownSets.ALL.stream().map(this::list).toList();
  }

  /** What there is of {@code set}. */
  public Listing list(KnownSet set) {
    if (set.embedded()) {
      return new Listing(set, Optional.empty(), set.files().size(), 0);
    }
    List<Path> found = set.files().stream().map(roots::find).flatMap(Optional::stream).toList();
    long bytes = 0;
    for (Path file : found) {
      try {
        bytes += Files.size(file);
      } catch (IOException problem) {
        throw DataException.unreadable(file, problem);
      }
    }
    Optional<Path> where = found.stream().findFirst().map(file -> file.resolveSibling(""));
    return new Listing(set, where, found.size(), bytes);
  }

  /** How a file compares with what is known of it. */
  public enum Status {
    /** The content has the known checksum. */
    OK,
    /** The content differs, or cannot be unpacked. */
    WRONG,
    /** No root has the file. */
    MISSING
  }

  /**
   * The answer for one file.
   *
   * @param path where it was found; empty if it was not, or is embedded
   * @param found the checksum of the content, or why there is none; empty if missing
   */
  public record FileCheck(
      DataFile file, Status status, Optional<Path> path, Optional<String> found) {}

  /** Recomputes the checksums of all files of {@code set}. */
  public List<FileCheck> check(KnownSet set) {
    List<FileCheck> checks = new ArrayList<>();
    for (DataFile file : set.files()) {
      Optional<Path> path = set.embedded() ? Optional.empty() : roots.find(file);
      if (path.isEmpty() && !set.embedded()) {
        checks.add(new FileCheck(file, Status.MISSING, path, Optional.empty()));
        continue;
      }
      String found;
      try (InputStream in = path.isPresent() ? content(path.get()) : embedded(file)) {
        found = Sha256.ofContent(in, file.bytes());
      } catch (IOException problem) {
        found = problem.toString();
      }
      Status status = found.equals(file.sha256()) ? Status.OK : Status.WRONG;
      checks.add(new FileCheck(file, status, path, Optional.of(found)));
    }
    return checks;
  }

  static InputStream content(Path file) throws IOException {
    DataPointer.requireData(file);
    InputStream in = Files.newInputStream(file);
    if (!file.toString().endsWith(".gz")) {
      return in;
    }
    try {
      return new GZIPInputStream(in, 1 << 16);
    } catch (IOException problem) {
      in.close();
      throw problem;
    }
  }
}
