package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A name means one thing in the whole product. */
class NamesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** A type that other files can name: a private one is its file's own business. */
  private static final Pattern TYPE =
      Pattern.compile(
          "^\\s*(?:(?:public|protected|static|final|sealed|non-sealed|abstract)\\s+)*"
              + "(?:class|record|interface|enum|@interface)\\s+([A-Z]\\w*)",
          Pattern.MULTILINE);

  private static Map<String, List<String>> types() throws IOException {
    Map<String, List<String>> types = new TreeMap<>();
    try (Stream<Path> rooms = Files.list(ROOT)) {
      for (Path room : rooms.sorted().toList()) {
        for (String kind : List.of("src/main", "target/generated-sources/templates")) {
          Path sources = room.resolve(kind);
          if (Files.isDirectory(sources)) {
            collect(sources, types);
          }
        }
      }
    }
    return types;
  }

  private static void collect(Path sources, Map<String, List<String>> types) throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String text = Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "");
        for (MatchResult type : TYPE.matcher(text).results().toList()) {
          types
              .computeIfAbsent(type.group(1), name -> new ArrayList<>())
              .add(ROOT.relativize(file).toString());
        }
      }
    }
  }

  @Test
  void simpleNames_ofTypes_areGivenOnce() throws IOException {
    Map<String, List<String>> types = types();
    assertThat(types).hasSizeGreaterThan(500).containsKey("SummationOrder");
    types.values().removeIf(files -> files.size() == 1);
    assertThat(types).isEmpty();
  }

  @Test
  void realNumbers_areNoKindOfType() throws IOException {
    assertThat(types().keySet()).noneMatch(name -> name.matches("(?:.*[a-z])?Reals?(?:[A-Z].*)?"));
  }
}
