package dev.narrows.hardware.c.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fragments of a resource of C, put into the pieces that share them. */
final class PieceReaderTest {
  private static final String FRAGMENTS =
      """
      //= total
      int $1 = $2;
      //= loop
      while ($1) {
      //...
        $1--;
      }
      //= twice
      //+ total $1 0
      //+ total other $1
      """;

  private static String piece(String lines) {
    String text = FRAGMENTS + "//: made needs a b\n" + lines;
    return Objects.requireNonNull(PieceReader.read(text).get("made")).text();
  }

  @Test
  void read_fragment_itsWordsReplacePlaces() {
    assertThat(piece("//+ total sum 7\nreturn sum;\n")).isEqualTo("int sum = 7;\nreturn sum;\n");
  }

  @Test
  void read_fragmentAroundLines_theyStandInsideIt() {
    assertThat(piece("//< loop n\n//< loop m\n  f(m);\n//>\n//>\n"))
        .isEqualTo("while (n) {\nwhile (m) {\n  f(m);\n  m--;\n}\n  n--;\n}\n");
  }

  @Test
  void read_fragmentOfFragments_passesItsWordsOn() {
    assertThat(piece("//+ twice x\n")).isEqualTo("int x = 0;\nint other = x;\n");
  }

  @Test
  void read_piece_knowsWhatItNeeds() {
    assertThat(PieceReader.read("//: a\n//: b needs a c\nx\n").get("b"))
        .isEqualTo(new CPieces.CPiece(List.of("x"), List.of("a", "c")));
  }

  @ParameterizedTest
  @CsvSource({
    "//+ missing, no fragment missing",
    "//< loop n, no //> before the end",
    "//>, //> closes nothing",
    "//< total a b, //< total a b: the fragment has no line //...",
    "//+ total sum, total: no word for $2",
  })
  void read_fragmentThatDoesNotFit_isRefused(String line, String message) {
    assertThatThrownBy(() -> piece(line + "\n"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
  }
}
