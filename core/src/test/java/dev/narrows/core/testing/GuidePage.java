package dev.narrows.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the guide, whose commands say what it shows. A block marked {@code console} holds
 * commands, each after {@code $}, and what they print; a line {@code …} stands for any number of
 * lines, and {@code …} within a line for any text. {@code # exit 3} after a command is its exit
 * code. A block marked {@code yaml} whose first line is {@code # NAME.yaml} is that file. Commands
 * run one after the other in a folder, which begins with the files that comments {@code <!-- file:
 * NAME = PATH -->} take from the shared data. Other blocks are not run.
 */
public record GuidePage(Path path, String text) {
  /** On a page whose commands train. */
  private static final String TRAINING = "<!-- needs: training -->";

  private static final Pattern FILE = Pattern.compile("<!-- file: (\\S+) = (\\S+) -->");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```console\\n(.*?)^```$");
  private static final Pattern YAML =
      Pattern.compile("(?ms)^```yaml\\n# ([\\w-]+\\.yaml)\\n(.*?)^```$");
  private static final Pattern EXIT = Pattern.compile("\\s+# exit (\\d+)$");

  /** Runs the words of a command after the tool's name. */
  @FunctionalInterface
  public interface Tool {
    /** Notes and output of the command, which ended with a code. */
    Output run(String... words);
  }

  /** What a command said. */
  public record Output(int exitCode, String text) {}

  private record Shown(List<String> words, String output, int exitCode) {}

  /** Every page in a folder that shows commands, those that train or the others. */
  public static List<GuidePage> in(Path folder, boolean training) throws IOException {
    List<GuidePage> pages = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path path : all.filter(each -> each.toString().endsWith(".md")).sorted().toList()) {
        GuidePage page = new GuidePage(path, Files.readString(path));
        if (!page.shown().isEmpty() && page.text().contains(TRAINING) == training) {
          pages.add(page);
        }
      }
    }
    return pages;
  }

  /** Runs every command in an empty folder, and compares. */
  public void check(Path folder, Tool tool) throws IOException {
    for (MatchResult file : all(FILE)) {
      Files.copy(SharedData.file(file.group(2)), folder.resolve(file.group(1)));
    }
    for (MatchResult file : all(YAML)) {
      Files.writeString(folder.resolve(file.group(1)), file.group(2));
    }
    for (Shown each : shown()) {
      String[] words =
          each.words().stream().map(word -> inFolder(folder, word)).toArray(String[]::new);
      Output said = tool.run(words);
      String output = said.text().replace(folder + "/", "").replace(folder.toString(), ".");
      assertThat(said.exitCode()).as("%s%n%s", each.words(), output).isEqualTo(each.exitCode());
      assertThat(output).as(each.words().toString()).matches(pattern(each.output()));
    }
  }

  /** A word that names a file of the folder, or one that is to be there, as its path. */
  private static String inFolder(Path folder, String word) {
    boolean plain = word.matches("[\\w./-]+") && !word.startsWith("-");
    boolean made = plain && Files.exists(folder.resolve(word));
    boolean toBe = plain && word.matches("[\\w-]+\\.(json|onnx|yaml|c|npz|tflite)|my-[\\w-]+");
    return made || toBe ? folder.resolve(word).toString() : word;
  }

  private static Pattern pattern(String output) {
    StringBuilder all = new StringBuilder();
    for (String line : output.lines().toList()) {
      if (line.equals("…")) {
        all.append("(?:[^\\n]*\\n)*?");
      } else {
        all.append(
            Stream.of(line.split("…", -1))
                .map(Pattern::quote)
                .reduce((before, after) -> before + "[^\\n]*" + after)
                .orElse(""));
        all.append(" *\\n");
      }
    }
    return Pattern.compile(all.toString());
  }

  private List<MatchResult> all(Pattern pattern) {
    return pattern.matcher(text).results().toList();
  }

  private List<Shown> shown() {
    List<Shown> commands = new ArrayList<>();
    for (MatchResult block : all(BLOCK)) {
      for (String part : block.group(1).split("(?m)^\\$ ")) {
        if (part.isBlank()) {
          continue;
        }
        String line = part.lines().findFirst().orElseThrow();
        List<MatchResult> exit = EXIT.matcher(line).results().toList();
        String command = exit.isEmpty() ? line : line.substring(0, exit.getFirst().start());
        assertThat(command).as(path.toString()).startsWith("./narrows ");
        commands.add(
            new Shown(
                List.of(command.substring("./narrows ".length()).replace("'", "").split("\\s+")),
                part.lines().skip(1).map(each -> each + "\n").reduce("", String::concat),
                exit.isEmpty() ? 0 : Integer.parseInt(exit.getFirst().group(1))));
      }
    }
    return commands;
  }

  @Override
  public String toString() {
    return path.getFileName().toString();
  }
}
