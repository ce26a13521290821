package dev.narrows.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A sentence, another one of its paragraph, and one of another article: whoever places texts by
 * what they are about places the first two nearer to each other.
 *
 * @param anchor what the others are compared with
 */
public record SentenceTriple(String anchor, String near, String far) {
  /** Words of a sentence, marks included: shorter ones say little, longer ones are lists. */
  private static final int FEWEST_WORDS = 8;

  private static final int MOST_WORDS = 40;

  /** A line that begins an article: = Title =, where sections have more signs. */
  private static final Pattern TITLE = Pattern.compile(" *= [^=](?:.*[^=])? = *");

  private static final Pattern SECTION = Pattern.compile(" *=.*= *");
  private static final Pattern END = Pattern.compile("(?<= [.!?]) ");

  /** A paragraph's sentences that are used, and the number of its article. */
  private record Paragraph(int article, List<String> sentences) {}

  /**
   * The triples of a text as WikiText has it: a paragraph a line, a title before every article,
   * spaces around marks. A sentence ends with a mark {@code . ! ?} between spaces. Those are used
   * that have 8 to 40 words and no {@code <unk>}; what was cut at hyphens and in numbers is joined
   * again.
   *
   * <p>Each paragraph with two such sentences gives a triple. The i-th of them draws from {@link
   * CounterRandom} of (seed, i): 0 the anchor, 1 the near one of the others, 2 the far one of all
   * sentences of other articles in the order of the text, 3 its place, by ascending unsigned bits.
   * So the first n are a sample of all.
   *
   * @return empty if the text has not two articles with such sentences
   */
  public static List<SentenceTriple> of(String text, long seed) {
    List<Paragraph> paragraphs = paragraphs(text);
    List<String> all = new ArrayList<>();
    List<Integer> articles = new ArrayList<>(); // of each sentence, ascending
    for (Paragraph paragraph : paragraphs) {
      all.addAll(paragraph.sentences());
      paragraph.sentences().forEach(_ -> articles.add(paragraph.article()));
    }
    List<Paragraph> several =
        paragraphs.stream().filter(paragraph -> paragraph.sentences().size() > 1).toList();
    List<SentenceTriple> triples = new ArrayList<>();
    List<Long> places = new ArrayList<>();
    for (int i = 0; i < several.size(); i++) {
      CounterRandom random = CounterRandom.of(seed, i);
      List<String> sentences = several.get(i).sentences();
      int article = several.get(i).article();
      int begin = articles.indexOf(article);
      int own = articles.lastIndexOf(article) + 1 - begin;
      if (own == all.size()) {
        continue;
      }
      int anchor = random.below(sentences.size(), 0);
      int near = random.below(sentences.size() - 1, 1);
      int far = random.below(all.size() - own, 2);
      triples.add(
          new SentenceTriple(
              sentences.get(anchor),
              sentences.get(near < anchor ? near : near + 1),
              all.get(far < begin ? far : far + own)));
      places.add(random.bits(3));
    }
    return IntStream.range(0, triples.size())
        .boxed()
        .sorted(Comparator.comparing(places::get, Long::compareUnsigned))
        .map(triples::get)
        .toList();
  }

  private static List<Paragraph> paragraphs(String text) {
    List<Paragraph> paragraphs = new ArrayList<>();
    int article = 0;
    for (String line : text.split("\n", -1)) {
      if (TITLE.matcher(line).matches()) {
        article++;
      } else if (!line.isBlank() && !SECTION.matcher(line).matches()) {
        List<String> sentences = new ArrayList<>();
        for (String sentence : END.split(line)) {
          String joined =
              sentence.strip().replace(" @-@ ", "-").replace(" @,@ ", ",").replace(" @.@ ", ".");
          int words = joined.split(" ", -1).length;
          if (words >= FEWEST_WORDS && words <= MOST_WORDS && !joined.contains("<unk>")) {
            sentences.add(joined);
          }
        }
        if (!sentences.isEmpty()) {
          paragraphs.add(new Paragraph(article, sentences));
        }
      }
    }
    return paragraphs;
  }
}
