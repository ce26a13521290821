package dev.narrows.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes a release's archives from what Maven has built; started by {@code ./narrows package}.
 *
 * <p>Words: {@code ROOT OUT VERSION PART…}, where VERSION is the build file's, and a part is {@code
 * tool} or the name of a room, or {@code version} alone, which prints the release's.
 */
public final class ReleaseMain {
  private ReleaseMain() {}

  /** Prints each file that it made, on standard output. */
  public static void main(String[] words) {
    if (words.length < 4) {
      System.err.println("narrows: started by ./narrows package");
      System.exit(2);
    }
    try {
      Path root = Path.of(words[0]).toAbsolutePath();
      Path out = Path.of(words[1]).toAbsolutePath();
      ReleaseVersion version = ReleaseVersion.of(root, words[2]);
      version.requireSection(Files.readString(root.resolve("CHANGELOG.md")));
      if (words[3].equals("version")) {
        System.out.println(version.text());
        return;
      }
      ReleaseFolders release = new ReleaseFolders(root, out, version, ReleasePlatform.here());
      List<Path> made = new ArrayList<>();
      for (String part : Arrays.asList(words).subList(3, words.length)) {
        made.add(part.equals("tool") ? release.tool() : release.room(part));
      }
      for (Path file : made) {
        System.out.printf("%s  %,d bytes%n", file, Files.size(file));
      }
    } catch (ReleaseException e) {
      System.err.println("narrows: " + e.getMessage());
      System.exit(1);
    } catch (IOException e) {
      System.err.println("narrows: the release could not be written: " + e);
      System.exit(1);
    }
  }
}
