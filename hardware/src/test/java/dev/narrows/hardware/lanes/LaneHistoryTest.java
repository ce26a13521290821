package dev.narrows.hardware.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.lane.LaneReduction;
import dev.narrows.hardware.tools.CompiledC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Public bugs: the broken form is flagged, with a witness that C reproduces; the fixed one passes.
 */
class LaneHistoryTest {
  private static final Path CASES = Path.of("src/test/resources/lanes/history.txt");
  private static final Path PAGE = Path.of("..", "docs/results/lanes.md");
  private static final Path HEAD = Path.of("src/test/resources/lanes/page.txt");

  @TempDir private Path folder;

  /** One form of a kernel. */
  private record LaneForm(String reduction, OptionalInt chain, String a, String b, String limits) {
    static LaneForm of(List<String> cells) {
      return new LaneForm(
          cells.get(0),
          cells.get(1).equals("-")
              ? OptionalInt.empty()
              : OptionalInt.of(Integer.parseInt(cells.get(1))),
          cells.get(2),
          cells.get(3),
          cells.get(4));
    }

    LaneAnswer answer() {
      OptionalInt nonzeros =
          limits.equals("-")
              ? OptionalInt.empty()
              : OptionalInt.of(Integer.parseInt(limits.replace("nonzeros=", "")));
      LaneQuestion question =
          new LaneQuestion(
              LaneReduction.parse(reduction),
              OperandValues.parse(a),
              OperandValues.parse(b),
              Optional.empty(),
              chain.isEmpty() ? terms() : OptionalInt.empty(),
              new InputLimits(nonzeros, OptionalInt.empty()));
      return LaneChains.answer(question, chain);
    }

    /** A dot product that fills every register once, where no length is open. */
    private OptionalInt terms() {
      long products =
          LaneReduction.parse(reduction).levels().stream()
              .mapToLong(level -> level.items(1) == Long.MAX_VALUE ? 1 : level.items(1))
              .reduce(1, (all, items) -> all * items);
      return LaneReduction.parse(reduction).chainLevel().isPresent()
          ? OptionalInt.empty()
          : OptionalInt.of((int) products);
    }

    String largest() {
      LaneAnswer answer = answer();
      return answer.largest().isEmpty()
          ? ""
          : answer.unlimited() ? "any" : String.valueOf(answer.largest().getAsInt());
    }

    String text() {
      return "`%s`%s, a %s, b %s%s"
          .formatted(
              LaneReduction.parse(reduction),
              chain.isPresent() ? ", n = " + chain.getAsInt() : "",
              a,
              b,
              limits.equals("-") ? "" : ", " + limits);
    }
  }

  /** One thread. */
  private record PublicBug(String thread, String what, LaneForm broken, LaneForm fixed) {
    @Override
    public String toString() {
      return thread;
    }

    String address() {
      String[] parts = thread.split("#", -1);
      return "https://github.com/%s/issues/%s".formatted(parts[0], parts[1]);
    }
  }

  static List<PublicBug> bugs() throws IOException {
    List<PublicBug> bugs = new ArrayList<>();
    for (String line : Files.readAllLines(CASES)) {
      if (line.startsWith("#") || line.isBlank()) {
        continue;
      }
      List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
      assertThat(cells).as(line).hasSize(12);
      bugs.add(
          new PublicBug(
              cells.get(0),
              cells.get(1),
              LaneForm.of(cells.subList(2, 7)),
              LaneForm.of(cells.subList(7, 12))));
    }
    return bugs;
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void brokenForm_isFlaggedAndTheFixedOnePasses(PublicBug bug) {
    LaneAnswer broken = bug.broken().answer();
    assertThat(broken.safe()).as(LaneSentence.of(broken)).isFalse();
    LaneWitness witness = broken.witness().orElseThrow();
    assertThat(witness.exact()).isNotEqualTo(witness.ends());
    LaneAnswer fixed = bug.fixed().answer();
    assertThat(fixed.safe()).as(LaneSentence.of(fixed)).isTrue();
  }

  /** All witnesses in one program each, at no optimisation: the compiler is what takes time. */
  @Test
  void witnesses_compiled_reproduceEveryBug() throws IOException {
    CompiledC.requireCompiler();
    int number = 0;
    for (PublicBug bug : bugs()) {
      LaneAnswer broken = bug.broken().answer();
      LaneWitness witness = broken.witness().orElseThrow();
      String name = "bug" + number++;
      CompiledC compiled =
          CompiledC.compile(folder, name, WitnessProgram.of(broken.question(), witness), "-O0");
      assertThat(compiled.exitCode()).as(bug + compiled.output()).isZero();
      CompiledC run = CompiledC.run(folder, List.of("./" + name));
      assertThat(run.output())
          .as(bug.thread())
          .isEqualTo("exact %d, kernel %d\n".formatted(witness.exact(), witness.ends()));
      assertThat(run.exitCode()).isZero();
    }
    assertThat(number).isGreaterThanOrEqualTo(15);
  }

  /** The page is made of the cases: {@code NARROWS_WRITE_PAGES=1} writes it again. */
  @Test
  void page_isWhatTheCasesSay() throws IOException {
    StringBuilder page = new StringBuilder(Files.readString(HEAD));
    page.append("| thread | what happened | broken | largest n | where it breaks | fixed |\n");
    page.append("|---|---|---|---|---|---|\n");
    for (PublicBug bug : bugs()) {
      LaneWitness witness = bug.broken().answer().witness().orElseThrow();
      page.append(
          "| [%s](%s) | %s | %s | %s | step %d of level %d would hold %d; the sum ends at %d, not %d | %s |\n"
              .formatted(
                  bug.thread(),
                  bug.address(),
                  bug.what(),
                  bug.broken().text(),
                  bug.broken().largest(),
                  witness.overflow().step(),
                  witness.overflow().level() + 1,
                  witness.overflow().sum(),
                  witness.ends(),
                  witness.exact(),
                  bug.fixed().text()));
    }
    if (System.getenv("NARROWS_WRITE_PAGES") != null) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).hasContent(page.toString());
  }
}
