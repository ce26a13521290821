package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What the documents and comments point at is there: every relative link of a Markdown file, every
 * {@code @see} of a comment, every document that is named anywhere.
 */
class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** Folders that are not the project's text. */
  private static final Set<String> SKIPPED = Set.of(".git", "target", "runs", "node_modules");

  private static final Set<String> TEXTS =
      Set.of("java", "md", "yaml", "py", "sh", "js", "ftl", "html");

  /** {@code [text](target)}, or a line {@code [name]: target}. */
  private static final Pattern LINK =
      Pattern.compile("\\]\\(([^)\\s]+)\\)|^\\[[^\\]\\n]+\\]: (\\S+)$", Pattern.MULTILINE);

  private static final Pattern PICTURE = Pattern.compile("!\\[[^\\]]*\\]\\(([^)]+)\\)");
  private static final Pattern SEE = Pattern.compile("@see \"(docs/[^\"]+)\"");
  private static final Pattern DOCUMENT = Pattern.compile("(?<![\\w/.-])([\\w./-]*[\\w-]\\.md)\\b");
  private static final Pattern UNKNOWN_DOCUMENT = Pattern.compile("[Mm]ethods(\\.md)?,? §");

  /** Longest line of a document's prose, in characters. */
  private static final int WIDTH = 120;

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return SKIPPED.contains(String.valueOf(folder.getFileName()))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (TEXTS.contains(name.substring(name.lastIndexOf('.') + 1))) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  private static List<Path> documents() throws IOException {
    return files().stream().filter(file -> file.toString().endsWith(".md")).toList();
  }

  @Test
  void links_ofEveryDocument_leadToAFileAndAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : documents()) {
      for (MatchResult link : matches(LINK, withoutCode(read(document)))) {
        String target = link.group(1) == null ? link.group(2) : link.group(1);
        if (!target.matches("[a-z]+:.*")) {
          links++;
          int hash = target.indexOf('#');
          String file = hash < 0 ? target : target.substring(0, hash);
          Path path = file.isEmpty() ? document : document.resolveSibling(file).normalize();
          if (!Files.exists(path)
              || hash >= 0 && !anchors(path).contains(target.substring(hash + 1))) {
            broken.add(ROOT.relativize(document) + ": " + target);
          }
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(50);
  }

  @Test
  void see_ofEveryComment_namesADocumentAndWhatIsInIt() throws IOException {
    List<String> broken = new ArrayList<>();
    int references = 0;
    for (Path file : files()) {
      if (file.toString().endsWith(".java")) {
        for (MatchResult see : matches(SEE, read(file).replaceAll("\\s*\\n\\s*\\*\\s*", " "))) {
          references++;
          String[] parts = see.group(1).split(";")[0].split(", ", 2);
          Path document = ROOT.resolve(parts[0]);
          if (!Files.exists(document) || parts.length == 2 && !has(document, parts[1])) {
            broken.add(ROOT.relativize(file) + ": " + see.group(1));
          }
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(references).isGreaterThan(10);
  }

  /** Whether a document has a heading that begins so, or these numbered equations. */
  private static boolean has(Path document, String place) throws IOException {
    if (place.matches("equations? .*")) {
      String text = read(document);
      return matches(Pattern.compile("\\(\\d+\\)"), place).stream()
          .allMatch(number -> text.contains(number.group()));
    }
    String beginning = place.toLowerCase(Locale.ROOT);
    return headings(document).stream()
        .anyMatch(heading -> heading.toLowerCase(Locale.ROOT).startsWith(beginning));
  }

  @Test
  void documents_namedAnywhere_areInTheRepository() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Path file : files()) {
      if (file.endsWith("DocumentsTest.java")) {
        continue;
      }
      String text = read(file).replaceAll("https?://\\S+", "");
      for (MatchResult match : matches(UNKNOWN_DOCUMENT, text)) {
        missing.add(ROOT.relativize(file) + ": " + match.group());
      }
      for (MatchResult match : matches(DOCUMENT, text)) {
        String name = match.group(1);
        boolean there =
            Files.exists(ROOT.resolve(name))
                || Files.exists(ROOT.resolve("docs").resolve(name))
                || Files.exists(file.resolveSibling(name).normalize());
        if (!there && !file.toString().contains("/test/")) { // tests name files that they write
          missing.add(ROOT.relativize(file) + ": " + name);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void lines_ofProse_wrapAt120() throws IOException {
    List<String> wide = new ArrayList<>();
    for (Path document : documents()) {
      boolean code = false;
      int number = 0;
      for (String line : read(document).lines().toList()) {
        number++;
        code ^= line.startsWith("```");
        boolean prose =
            !code
                && !line.startsWith("|")
                && !line.startsWith("    ")
                && !generated(document)
                && line.strip().contains(" ");
        if (prose && withoutAddresses(line).length() > WIDTH) {
          wide.add(ROOT.relativize(document) + ":" + number);
        }
      }
    }
    assertThat(wide).isEmpty();
  }

  @Test
  void decisions_everyEntry_hasAtMost120Words() throws IOException {
    List<String> lengthy = new ArrayList<>();
    for (String entry : read(ROOT.resolve("docs/decisions.md")).split("\n\n")) {
      if (entry.startsWith("**") && entry.strip().split("\\s+").length > 120) {
        lengthy.add(entry.lines().findFirst().orElse(""));
      }
    }
    assertThat(lengthy).isEmpty();
  }

  @Test
  void gallery_ofTheResults_hasEveryPictureOfTheirPages() throws IOException {
    Path results = ROOT.resolve("docs/results");
    Set<String> pictures = new HashSet<>();
    for (Path document : documents()) {
      if (document.startsWith(results) && !document.endsWith("gallery.md")) {
        matches(PICTURE, read(document)).forEach(picture -> pictures.add(picture.group(1)));
      }
    }
    assertThat(matches(PICTURE, read(results.resolve("gallery.md"))))
        .extracting(picture -> picture.group(1))
        .containsExactlyInAnyOrderElementsOf(pictures);
  }

  /** Pages that the tool writes from stored results. */
  private static boolean generated(Path document) throws IOException {
    return document.startsWith(ROOT.resolve("docs/results"))
        && !document.endsWith("docs/results/README.md");
  }

  /** A link's address cannot be broken, so it does not count. */
  private static String withoutAddresses(String line) {
    return line.replaceAll("\\]\\([^)]*\\)", "]").replaceAll("https?://\\S+", "");
  }

  private static String withoutCode(String text) {
    return text.replaceAll("(?s)```.*?```", "").replaceAll("`[^`\\n]*`", "code");
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  private static Set<String> headings(Path document) throws IOException {
    Set<String> headings = new HashSet<>();
    for (String line : read(document).replaceAll("(?s)```.*?```", "").lines().toList()) {
      if (line.matches("#{1,6} .*")) {
        headings.add(line.replaceFirst("#+ ", "").replace("`", ""));
      }
    }
    return headings;
  }

  /** The anchors that GitHub gives to headings, and those written as HTML. */
  private static Set<String> anchors(Path document) throws IOException {
    Set<String> anchors = new HashSet<>();
    if (document.toString().endsWith(".md")) {
      for (String heading : headings(document)) {
        anchors.add(
            heading
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\s_-]", "")
                .replaceAll("\\s", "-"));
      }
      for (MatchResult id : matches(Pattern.compile("id=\"([^\"]+)\""), read(document))) {
        anchors.add(id.group(1));
      }
    }
    return anchors;
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
