package dev.narrows.data.catalog;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The folders in which data sets are looked for, in order. A root is laid out as {@code
 * cifar10/data_batch_1.bin}, {@code mnist/train-images-idx3-ubyte.gz} and so on.
 *
 * @param roots the folders; none need exist
 * @param forDownloads the folder that downloads go to
 */
public record DataRoots(List<Path> roots, Path forDownloads) {
  /** The environment variable with further roots, separated as in {@code PATH}. */
  public static final String VARIABLE = "NARROWS_DATA";

  /** Keeps the list as given. */
  public DataRoots {
    roots = List.copyOf(roots);
  }

  /** The roots of this process; {@code explicit} is what the user gave as {@code --data-root}. */
  public static DataRoots ofProcess(Optional<Path> explicit) {
    return of(explicit, System.getenv(), Path.of(System.getProperty("user.home", ".")));
  }

  /**
   * The explicit root, those of {@code NARROWS_DATA}, and {@code narrows} in {@code
   * XDG_CACHE_HOME}, or in {@code .cache} of the home folder. Downloads go to the explicit root, or
   * else to the last.
   */
  public static DataRoots of(Optional<Path> explicit, Map<String, String> environment, Path home) {
    List<Path> roots = new ArrayList<>();
    explicit.ifPresent(roots::add);
    for (String part : environment.getOrDefault(VARIABLE, "").split(File.pathSeparator)) {
      if (!part.isBlank()) {
        roots.add(Path.of(part));
      }
    }
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path cache = (caches.isBlank() ? home.resolve(".cache") : Path.of(caches)).resolve("narrows");
    roots.add(cache);
    return new DataRoots(roots, explicit.orElse(cache));
  }

  /** Where {@code file} is, plain or gzipped, in the first root that has it. */
  public Optional<Path> find(DataFile file) {
    return roots.stream().map(root -> findIn(root, file)).flatMap(Optional::stream).findFirst();
  }

  /** Where a file is that belongs to no known set, in the first root that has it. */
  public Optional<Path> find(String path) {
    return roots.stream().map(root -> root.resolve(path)).filter(Files::isRegularFile).findFirst();
  }

  /** Where {@code file} is in {@code root}, plain or gzipped. */
  static Optional<Path> findIn(Path root, DataFile file) {
    Path plain = root.resolve(file.path());
    Path gzipped = root.resolve(file.path() + ".gz");
    return Files.isRegularFile(plain)
        ? Optional.of(plain)
        : Files.isRegularFile(gzipped) ? Optional.of(gzipped) : Optional.empty();
  }

  /** The roots in one line, for messages. */
  @Override
  public String toString() {
    return roots.stream().map(Path::toString).collect(Collectors.joining(", "));
  }
}
