package dev.narrows.experiments.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.input.YamlFile;
import dev.narrows.experiments.input.YamlMap;
import dev.narrows.experiments.input.YamlValue;
import dev.narrows.experiments.sweep.Sweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tables of {@code docs/recipes.md} say what the readers do: every key has a row and every row
 * a key; ranges are those that are enforced, words those that are understood, defaults those that a
 * resolved recipe shows.
 */
class RecipeDocsTest {
  private static final Path DOCS = Path.of("..", "docs", "recipes.md");

  private static final String INTEGERS =
      """
      model: cnn-small
      data: {set: fashion-small}
      init: weights.safetensors
      augment: {}
      quantization: {weights: 4, activations: 4, constraint: {method: a2q+, bits: 12}}
      prepare: {}
      pruning: {keep: 8, group: 16}
      phases:
        float: {epochs: 1}
        prune: {epochs: 1}
        quantize: {epochs: 1, distill: {temperature: 4, weight: 0.5}}
        register: {accumulator: 'int9:saturate', epochs: 1}
      checkpoint: {}
      """;

  private static final String FLOATS =
      """
      model: cnn-small
      data: {set: fashion-small}
      init: weights.safetensors
      quantization: {weights: float, activations: float}
      phases:
        register: {accumulator: 'm7e4(9)/m7e4(7)', gradient: immediate/diff, epochs: 1}
      """;

  /** A heading of the page, and the mapping that its table is about. */
  private enum Section {
    RECIPE("The recipe", INTEGERS, ""),
    DATA("`data`", INTEGERS, "data."),
    AUGMENT("`augment`", INTEGERS, "augment."),
    INTEGER_NUMBERS("`quantization` of integers", INTEGERS, "quantization."),
    FLOAT_NUMBERS("`quantization` of floating-point numbers", FLOATS, "quantization."),
    CONSTRAINT("`quantization.constraint`", INTEGERS, "quantization.constraint."),
    PREPARE("`prepare`", INTEGERS, "prepare."),
    PRUNING("`pruning`", INTEGERS, "pruning."),
    PHASES("`phases`", INTEGERS, "phases."),
    PHASE("A phase", INTEGERS, "phases.quantize."),
    DISTILL("`distill` of a phase", INTEGERS, "phases.quantize.distill."),
    REGISTER("`phases.register`", FLOATS, "phases.register."),
    CHECKPOINT("`checkpoint`", INTEGERS, "checkpoint.");

    private final String heading;
    private final String recipe;
    private final String path;

    Section(String heading, String recipe, String path) {
      this.heading = heading;
      this.recipe = recipe;
      this.path = path;
    }
  }

  private record Row(String key, String type, String range, String standard) {}

  @TempDir private Path folder;

  private static Map<String, List<Row>> tables() throws IOException {
    Map<String, List<Row>> tables = new LinkedHashMap<>();
    String heading = "";
    for (String line : Files.readAllLines(DOCS)) {
      if (line.startsWith("## ")) {
        heading = line.substring(3);
      } else if (line.startsWith("| `")) {
        String[] cells = line.split(" *\\| *");
        tables
            .computeIfAbsent(heading, h -> new ArrayList<>())
            .add(new Row(cells[1].replace("`", ""), cells[2], cells[3], cells[4]));
      }
    }
    return tables;
  }

  private static Recipe read(Section section, String key, String value) {
    YamlMap map = YamlFile.parse("recipe", section.recipe);
    return Recipe.of(map.with(section.path + key, new YamlValue.Scalar(map.place(), value)));
  }

  /** The keys that a refusal of an unknown one lists. */
  private static List<String> known(Throwable refusal) {
    Matcher list = Pattern.compile("known keys here: (.*)").matcher(refusal.getMessage());
    assertThat(list.find()).as(refusal.getMessage()).isTrue();
    return Arrays.asList(list.group(1).split(", "));
  }

  @Test
  void headings_ofThePage_areTheMappingsOfRecipesAndSweeps() throws IOException {
    assertThat(tables().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Arrays.stream(Section.values()).map(section -> section.heading),
                    Stream.of("The sweep", "An entry of `methods`"))
                .toList());
  }

  @Test
  void rows_ofEveryTable_areTheKeysThatTheReaderKnows() throws IOException {
    Map<String, List<Row>> tables = tables();
    for (Section section : Section.values()) {
      List<String> rows = new ArrayList<>(keys(tables, section.heading));
      if (section == Section.REGISTER) {
        rows.addAll(keys(tables, Section.PHASE.heading));
      }
      Throwable refusal = catchThrowable(() -> read(section, "nonsense", "1"));
      assertThat(refusal).isInstanceOf(BadInputException.class);
      assertThat(rows).as(section.heading).containsExactlyInAnyOrderElementsOf(known(refusal));
    }
  }

  private static List<String> keys(Map<String, List<Row>> tables, String heading) {
    return tables.getOrDefault(heading, List.of()).stream().map(Row::key).toList();
  }

  @Test
  void rows_ofSweepTables_areTheKeysThatTheReaderKnows() throws IOException {
    String base = "base: {model: mlp1}\n";
    assertThat(keys(tables(), "The sweep"))
        .containsExactlyInAnyOrderElementsOf(known(sweep(base + "nonsense: 1\n")));
    assertThat(keys(tables(), "An entry of `methods`"))
        .containsExactlyInAnyOrderElementsOf(
            known(sweep(base + "methods: [{label: a, nonsense: 1}]\n")));
  }

  private Throwable sweep(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("sweep.yaml"), text);
    return catchThrowable(() -> Sweep.read(file));
  }

  @Test
  void ranges_ofNumbers_areThoseThatTheReaderEnforces() throws IOException {
    Map<String, List<Row>> tables = tables();
    Pattern range = Pattern.compile("(\\S+) to (\\d\\S*)");
    int checked = 0;
    for (Section section : Section.values()) {
      for (Row row : tables.getOrDefault(section.heading, List.of())) {
        Matcher ends = range.matcher(row.range());
        if (ends.matches()) {
          boolean whole = row.type().equals("whole");
          List<String> outside = new ArrayList<>(List.of(whole ? "-1" : "-1.0"));
          if (!ends.group(2).equals(Long.toString(Long.MAX_VALUE))) {
            outside.add(whole ? "" + (Long.parseLong(ends.group(2)) + 1) : ends.group(2) + "1");
          }
          for (String value : outside) {
            assertThatThrownBy(() -> read(section, row.key(), value))
                .as(section.path + row.key() + ": " + value)
                .isInstanceOf(BadInputException.class)
                .hasMessageMatching(
                    "(?s).*must be in \\[%s, %s], got .*"
                        .formatted(bound(ends.group(1), whole), bound(ends.group(2), whole)));
          }
          checked++;
        }
      }
    }
    assertThat(checked).isGreaterThan(20);
  }

  private static String bound(String text, boolean whole) {
    return Pattern.quote(whole ? text : Double.toString(Double.parseDouble(text)));
  }

  @Test
  void words_ofEveryChoice_areThoseThatTheReaderUnderstands() throws IOException {
    Map<String, List<Row>> tables = tables();
    int checked = 0;
    for (Section section : Section.values()) {
      for (Row row : tables.getOrDefault(section.heading, List.of())) {
        if (row.type().equals("word")) {
          assertThatThrownBy(() -> read(section, row.key(), "nonsense"))
              .isInstanceOf(BadInputException.class)
              .hasMessageContaining(
                  "expected one of " + row.range().replace("`", "") + ", found \"nonsense\"");
          checked++;
        }
      }
    }
    assertThat(checked).isGreaterThanOrEqualTo(8);
  }

  @Test
  void defaults_inQuotes_areWhatAResolvedRecipeShows() throws IOException {
    Map<String, List<Row>> tables = tables();
    Pattern literal = Pattern.compile("`([^`]+)`");
    int checked = 0;
    for (Section section : Section.values()) {
      Map<String, String> resolved =
          YamlFile.parse("resolved", Recipe.parse("recipe", section.recipe).toYaml()).flatten();
      for (Row row : tables.getOrDefault(section.heading, List.of())) {
        Matcher standard = literal.matcher(row.standard());
        boolean plain = standard.matches();
        String key = section.path + row.key();
        // what the recipe above says itself, or a resolved one leaves out, shows no default
        boolean told = YamlFile.parse("recipe", section.recipe).find(key).isPresent();
        if (plain && !told && resolved.containsKey(key)) {
          assertThat(number(resolved.getOrDefault(key, "")))
              .as(key)
              .isEqualTo(number(standard.group(1)));
          checked++;
        }
      }
    }
    assertThat(checked).isGreaterThan(15);
  }

  /** A text, or the number that it is: 0.0005 is 5.0E-4. */
  private static Object number(String text) {
    return text.matches("[-0-9.eE]+") ? (Object) Double.valueOf(text) : text;
  }
}
