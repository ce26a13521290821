package dev.narrows.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SentenceTripleTest {
  private static String sentence(String word) {
    return (word + " ").repeat(8) + ".";
  }

  /** Three articles of two paragraphs, each of three sentences: word APN is sentence N. */
  private static String text() {
    StringBuilder text = new StringBuilder();
    for (char a = 'a'; a < 'd'; a++) {
      text.append(" = Title ").append(a).append(" = \n \n");
      for (char p = 'p'; p < 'r'; p++) {
        text.append(" = = Section = = \n ");
        for (int n = 0; n < 3; n++) {
          text.append(sentence("" + a + p + n)).append(' ');
        }
        text.append("\n \n");
      }
    }
    return text.toString();
  }

  @Test
  void triples_ofArticles_areOneAParagraphAndFarIsElsewhere() {
    Set<String> anchors = new HashSet<>();
    Set<String> orders = new HashSet<>();
    Map<String, Integer> far = new HashMap<>();
    for (long seed = 0; seed < 300; seed++) {
      List<SentenceTriple> triples = SentenceTriple.of(text(), seed);
      assertThat(triples).hasSize(6).isEqualTo(SentenceTriple.of(text(), seed));
      List<String> paragraphs = new ArrayList<>();
      for (SentenceTriple triple : triples) {
        paragraphs.add(triple.anchor().substring(0, 2));
        anchors.add(triple.anchor());
        assertThat(triple.near()).startsWith(triple.anchor().substring(0, 2));
        assertThat(triple.near()).isNotEqualTo(triple.anchor());
        assertThat(triple.far().charAt(0)).isNotEqualTo(triple.anchor().charAt(0));
        far.merge(triple.anchor().substring(0, 2) + triple.far().substring(0, 3), 1, Integer::sum);
      }
      assertThat(paragraphs).containsExactlyInAnyOrder("ap", "aq", "bp", "bq", "cp", "cq");
      orders.add(paragraphs.toString());
    }
    assertThat(anchors).hasSize(18);
    assertThat(orders).hasSizeGreaterThan(200);
    assertThat(far).hasSize(6 * 12); // every sentence of the other two articles
  }

  @Test
  void sentences_thatAreNotUsed_makeNoTriple() {
    String used = sentence("a") + " " + sentence("b");
    String other = " = X = \n" + sentence("c") + "\n";
    assertThat(SentenceTriple.of(used, 1)).isEmpty();
    assertThat(SentenceTriple.of(used + "\n" + other, 1)).hasSize(1);
    assertThat(SentenceTriple.of(used.replace("b ", "") + "\n" + other, 1)).isEmpty();
    assertThat(SentenceTriple.of(used.replace("b .", "<unk> .") + "\n" + other, 1)).isEmpty();
    assertThat(SentenceTriple.of(used.replace("b .", "b ".repeat(40) + ".") + "\n" + other, 1))
        .isEmpty();
    assertThat(SentenceTriple.of("", 1)).isEmpty();
    SentenceTriple joined =
        SentenceTriple.of(used.replace("b b", "10 @,@ 000 @-@ b 1 @.@ 5") + "\n" + other, 1)
            .getFirst();
    assertThat(joined.anchor() + joined.near()).contains("10,000-b 1.5").doesNotContain("@");
  }

  /** The draws that the documentation states. */
  @Test
  void triples_ofASeed_areThoseOfTheStatedDraws() {
    CounterRandom random = CounterRandom.of(7, 0);
    String text = sentence("a") + " " + sentence("b") + " " + sentence("c");
    SentenceTriple triple =
        SentenceTriple.of(text + "\n = X = \n" + sentence("d") + " " + sentence("e"), 7).stream()
            .filter(one -> !one.anchor().startsWith("d") && !one.anchor().startsWith("e"))
            .findFirst()
            .orElseThrow();
    List<String> left = new ArrayList<>(List.of("a", "b", "c"));
    assertThat(triple.anchor()).startsWith(left.remove(random.below(3, 0)));
    assertThat(triple.near()).startsWith(left.get(random.below(2, 1)));
    assertThat(triple.far()).startsWith(List.of("d", "e").get(random.below(2, 2)));
  }
}
