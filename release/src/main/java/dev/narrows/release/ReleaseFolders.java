package dev.narrows.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The folders that a release's archives hold, and the archives themselves.
 *
 * @param root the checkout
 * @param out where archives go
 */
record ReleaseFolders(Path root, Path out, ReleaseVersion version, ReleasePlatform platform) {
  private static final List<String> DOCUMENTS = List.of("LICENSE", "README.md", "CHANGELOG.md");

  /** Such as {@code narrows-0.2.0-linux-x86_64}. */
  String name() {
    return "narrows-%s-%s".formatted(version.text(), platform);
  }

  /**
   * The tool with its runtime: the folder stays under {@code out}, for a wheel to carry.
   *
   * @return the archive
   */
  Path tool() throws IOException {
    Path stage = out.resolve(name());
    delete(stage);
    Files.createDirectories(stage);
    List<Path> built = new ArrayList<>(LibraryJars.of(root.resolve("cli/target/lib")));
    built.add(jarOf("cli"));
    List<Path> jars = LibraryJars.copy(built, stage.resolve("lib"), platform);
    Set<String> modules = RuntimeImage.link(jars, stage.resolve("runtime"));
    System.err.println("narrows: a Java runtime of the modules " + String.join(", ", modules));
    Path launcher = root.resolve("cli/src/main/launcher");
    Files.createDirectories(stage.resolve("bin"));
    copy(launcher.resolve("narrows"), stage.resolve("bin/narrows"));
    copy(launcher.resolve("java.options"), stage.resolve("lib/java.options"));
    Files.writeString(
        stage.resolve("lib/name"), name() + " " + version.commit().orElse("unknown") + "\n");
    for (String document : DOCUMENTS) {
      copy(root.resolve(document), stage.resolve(document));
    }
    Path bill = billOf("cli");
    copy(bill, stage.resolve("bom.json"));
    CarriedLicences.write(
        built, bill, root.resolve("release/src/main/licences"), stage.resolve("licences"));
    ShellFiles.make(stage, launcher);
    date(stage);
    StartArchive.make(stage, root);
    date(stage);
    Files.writeString(out.resolve("tool.name"), name() + "\n"); // what a wheel is to carry
    return archive(stage, name(), name());
  }

  /**
   * A room that the tool does not carry: its jars, to be unpacked over the tool.
   *
   * @return the archive
   */
  Path room(String room) throws IOException {
    Path stage = out.resolve(name() + "-" + room);
    delete(stage);
    Path folder = stage.resolve("lib/rooms").resolve(room);
    Files.createDirectories(folder);
    List<Path> built = new ArrayList<>(LibraryJars.of(root.resolve(room + "/target/lib")));
    Set<String> carried = namesOf(LibraryJars.of(root.resolve("cli/target/lib")));
    built.removeIf(jar -> carried.contains(jar.getFileName().toString()));
    built.add(jarOf(room));
    LibraryJars.copy(built, folder, platform);
    Path bill = billOf(room);
    CarriedLicences.write(
        built, bill, root.resolve("release/src/main/licences"), folder.resolve("licences"));
    copy(bill, folder.resolve("bom.json"));
    date(stage);
    Path archive =
        archive(stage, name(), "narrows-%s-%s-%s".formatted(version.text(), room, platform));
    delete(stage);
    return archive;
  }

  private static Set<String> namesOf(List<Path> jars) {
    return Set.copyOf(jars.stream().map(jar -> jar.getFileName().toString()).toList());
  }

  private Path jarOf(String room) throws IOException {
    Path target = root.resolve(room).resolve("target");
    List<Path> jars =
        LibraryJars.of(target).stream()
            .filter(jar -> jar.getFileName().toString().startsWith("narrows-" + room + "-"))
            .filter(
                jar -> !jar.getFileName().toString().matches(".*-(?:tests|sources|javadoc)\\.jar"))
            .toList();
    if (jars.size() != 1) {
      throw new ReleaseException(
          "expected one jar narrows-%s-VERSION.jar in %s, found %s".formatted(room, target, jars));
    }
    return jars.getFirst();
  }

  private Path billOf(String room) {
    Path bill = root.resolve(room).resolve("target/bom.json");
    if (!Files.isRegularFile(bill)) {
      throw new ReleaseException(
          bill + " is missing: the bill of materials is written by Maven's profile release");
    }
    return bill;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }

  /** Gives everything the commit's date: class data sharing checks the dates of jars. */
  private void date(Path stage) throws IOException {
    FileTime time = FileTime.from(version.seconds(), TimeUnit.SECONDS);
    try (Stream<Path> paths = Files.walk(stage)) {
      for (Path path : paths.toList()) {
        if (!Files.isSymbolicLink(path)) {
          Files.setLastModifiedTime(path, time);
        }
      }
    }
  }

  private Path archive(Path stage, String folder, String name) throws IOException {
    Path whole = out.resolve(name + ".tar.gz");
    Path part = out.resolve(name + ".tar.gz.part");
    try {
      try (TarWriter tar = new TarWriter(part, version.seconds())) {
        tar.addFolder(stage, folder);
      }
      Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
    return whole;
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        path.toFile().setWritable(true); // a runtime's files are read-only
        Files.delete(path);
      }
    }
  }
}
