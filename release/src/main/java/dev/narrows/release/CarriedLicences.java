package dev.narrows.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The licences of all that a release carries: the texts that jars bring along, those in {@code
 * release/src/main/licences} for jars that bring none, and a table from the bill of materials.
 */
final class CarriedLicences {
  private static final Pattern TEXT =
      Pattern.compile(
          "(?:META-INF/|.*/)?[\\w.-]*(?:LICEN[CS]E|NOTICE|COPYING)[\\w.-]*",
          Pattern.CASE_INSENSITIVE);

  private CarriedLicences() {}

  /**
   * Writes the folder.
   *
   * @param jars third parties' and ours
   * @param bill a CycloneDX bill of materials in JSON
   * @param own texts for jars without one, each named as the jar is without its version
   * @param target made anew
   * @throws ReleaseException if a jar of the bill has no licence text
   */
  static void write(List<Path> jars, Path bill, Path own, Path target) throws IOException {
    Files.createDirectories(target);
    List<String> missing = new ArrayList<>();
    for (Path jar : jars) {
      String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
      Path folder = target.resolve(name);
      int found = extract(jar, folder);
      found += copy(own, name.replaceFirst("-\\d.*$", ""), folder);
      if (found == 0 && !name.startsWith("narrows-")) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      throw new ReleaseException(
          "no licence text in these jars, add one under release/src/main/licences: " + missing);
    }
    Files.writeString(target.resolve("README.md"), table(bill));
  }

  private static int extract(Path jar, Path folder) throws IOException {
    int found = 0;
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().toList()) {
        String path = entry.getName();
        if (!entry.isDirectory() && !path.endsWith(".class") && TEXT.matcher(path).matches()) {
          Files.createDirectories(folder);
          try (InputStream text = file.getInputStream(entry)) {
            Files.write(
                folder.resolve(path.replaceFirst("^META-INF/", "").replace('/', '_')),
                text.readAllBytes());
          }
          found++;
        }
      }
    }
    return found;
  }

  private static int copy(Path own, String name, Path folder) throws IOException {
    int found = 0;
    try (Stream<Path> texts = Files.list(own)) {
      for (Path text : texts.sorted().toList()) {
        String jar = text.getFileName().toString().replaceFirst("\\.txt$", "");
        if (name.equals(jar)) {
          Files.createDirectories(folder);
          Files.copy(text, folder.resolve("LICENSE.txt"));
          found++;
        }
      }
    }
    return found;
  }

  /** A row for each component, sorted. */
  private static String table(Path bill) throws IOException {
    TreeSet<String> rows = new TreeSet<>();
    JsonNode tree = JsonMapper.shared().readTree(Files.readString(bill));
    for (JsonNode component : tree.path("components")) {
      List<String> licences = new ArrayList<>();
      for (JsonNode each : component.path("licenses")) {
        JsonNode licence = each.path("license");
        licences.add(
            each.has("expression")
                ? each.path("expression").asString()
                : licence.has("id")
                    ? licence.path("id").asString()
                    : licence.path("name").asString());
      }
      String group = component.path("group").asString();
      rows.add(
          "| %s:%s | %s | %s |"
              .formatted(
                  group,
                  component.path("name").asString(),
                  component.path("version").asString(),
                  licences.isEmpty() ? "see its folder" : String.join(", ", licences)));
    }
    return """
    # What this release carries, and under which licences

    Narrows itself: Apache-2.0, see ../LICENSE. The built-in images are part of Fashion-MNIST
    (MIT), the built-in text is in the public domain, the page's charts are drawn by Vega and
    Vega-Lite (BSD-3-Clause), its graphs are laid out by dagre (MIT); their texts are in the
    folders of our own jars here. The Java runtime: GPL-2.0 with the Classpath Exception, see
    ../runtime/legal. The texts of libraries are in the folders here; bom.json beside this folder
    lists them for programs (CycloneDX).

    | component | version | licence |
    |---|---|---|
    """
        + String.join("\n", rows)
        + "\n";
  }
}
