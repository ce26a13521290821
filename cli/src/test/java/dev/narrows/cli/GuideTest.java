package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.testing.GuidePage;
import dev.narrows.core.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The guide's commands say what it shows, and it answers what people ask first. */
class GuideTest {
  private static final Path GUIDE = Path.of("../docs/guide").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+\\.md)(?:#[^)\\s]*)?\\)");

  /** How many links a reader follows. */
  private static final int LINKS = 3;

  @TempDir private Path folder;

  static List<GuidePage> pages() throws IOException {
    return GuidePage.in(GUIDE, false);
  }

  @ParameterizedTest
  @MethodSource("pages")
  @Tag("data")
  void commands_ofAPage_sayWhatItShows(GuidePage page) throws IOException {
    page.check(
        folder,
        words -> {
          Said said = Said.by(withData(words));
          return new GuidePage.Output(said.exitCode(), said.err() + said.out());
        });
  }

  /** A reader fetched the set; here it lies beside the other shared data. */
  private static Object[] withData(String... words) {
    List<Object> all = new ArrayList<>(List.of(words));
    if (all.contains("cifar10")) {
      all.add("--data-root");
      all.add(SharedData.file("cifar10/test_batch.bin").resolve("../..").normalize());
    }
    return all.toArray();
  }

  /** A stranger's questions, and words that only their answer has. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Which layers are unsafe at 16 bits?             | In 16 bits sums overflow in
          Which channel is the worst?                     | names for each layer its register, the channels that are not proved, and the widest channel
          What would make it safe?                        | Repair it.
          How do I give my own images?                    | --data photos
          What does it cost in accuracy?                  | A saturating 16-bit register halves the accuracy
          What is a transient overflow?                   | is one on the way to a sum that fits
          How do I train a network for fewer bits?        | constraint: {method: sign-sum, bits: 10}
          How do I get C for a microcontroller?           | cortex-m4
          How do I prove it to somebody else?             | with a parser of its own
          How many products may a 16-bit SIMD lane add?   | lanes --reduction
          Which accumulator does a tensor core have?      | hopper-fp8
          How do I run it on a language model?            | wikitext-2
          """)
  void question_ofAStranger_isAnsweredWithinThreeLinks(String question, String answer)
      throws IOException {
    Set<Path> seen = new HashSet<>();
    List<Path> reached = List.of(GUIDE.resolve("README.md"));
    for (int links = 0; links <= LINKS; links++) {
      List<Path> next = new ArrayList<>();
      for (Path page : reached) {
        String text = Files.readString(page);
        if (text.replaceAll("\\s+", " ").contains(answer)) {
          return;
        }
        for (MatchResult link : LINK.matcher(text).results().toList()) {
          Path linked = page.resolveSibling(link.group(1)).normalize();
          if (seen.add(linked) && Files.exists(linked)) {
            next.add(linked);
          }
        }
      }
      reached = next;
    }
    assertThat(seen).as(question + " is not answered within three links").isEmpty();
  }
}
