package dev.narrows.release;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** The jars of the tool, or of a room, on their way into a release. */
final class LibraryJars {
  private static final String SQLITE = "org/sqlite/native/";

  private LibraryJars() {}

  /** The jars of a folder, sorted by name. */
  static List<Path> of(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /**
   * Copies jars. Picocli gets stack maps, see {@link StackMaps}; our own lose their version, which
   * the release's name says; sqlite-jdbc loses the libraries of other platforms, 11 of its 12 MB.
   *
   * @return the copies, sorted by name
   */
  static List<Path> copy(List<Path> jars, Path target, ReleasePlatform platform)
      throws IOException {
    Files.createDirectories(target);
    List<Path> copies = new ArrayList<>();
    for (Path jar : jars) {
      String name = jar.getFileName().toString();
      Path copy = target.resolve(plainName(name));
      if (name.startsWith("sqlite-jdbc-")) {
        trim(jar, copy, platform);
      } else {
        Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
        if (name.startsWith("picocli-")) {
          StackMaps.add(copy);
        }
      }
      copies.add(copy);
    }
    copies.sort((a, b) -> a.toString().compareTo(b.toString()));
    return copies;
  }

  /** {@code narrows-core-0.1.0-SNAPSHOT.jar} is {@code narrows-core.jar}; others keep theirs. */
  static String plainName(String name) {
    return name.startsWith("narrows-") ? name.replaceFirst("-[0-9].*\\.jar$", ".jar") : name;
  }

  private static void trim(Path jar, Path target, ReleasePlatform platform) throws IOException {
    String kept = platform.sqliteFolder();
    boolean found = false;
    try (JarFile from = new JarFile(jar.toFile());
        OutputStream file = Files.newOutputStream(target);
        JarOutputStream to = new JarOutputStream(file)) {
      for (JarEntry entry : from.stream().toList()) {
        String name = entry.getName();
        found |= name.startsWith(kept);
        if (name.startsWith(SQLITE) && !name.startsWith(kept)) {
          continue;
        }
        JarEntry copy = new JarEntry(name);
        copy.setTimeLocal(entry.getTimeLocal());
        to.putNextEntry(copy);
        try (InputStream content = from.getInputStream(entry)) {
          content.transferTo(to);
        }
        to.closeEntry();
      }
    }
    if (!found) {
      throw new ReleaseException(
          "%s has no library for %s: expected entries under %s"
              .formatted(jar.getFileName(), platform, kept));
    }
  }
}
