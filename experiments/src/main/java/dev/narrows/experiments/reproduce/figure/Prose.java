package dev.narrows.experiments.reproduce.figure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sentences of a figure's page: a Markdown file among the resources, beside the figure's class.
 *
 * <p>A line {@code ## about} begins the section of that name; its lines become one paragraph. In a
 * section {@code {images}} stands for a value, {@code {gain:%.1f}} for one in a format of {@link
 * String#format}.
 */
public final class Prose {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)(?::(%[^}]+))?}");

  private final String file;
  private final Map<String, String> sections;

  private Prose(String file, Map<String, String> sections) {
    this.file = file;
    this.sections = sections;
  }

  /**
   * The prose {@code <name>.md} beside a class.
   *
   * @throws IllegalStateException if this program lacks it
   */
  public static Prose of(Class<?> beside, String name) {
    String file = name + ".md";
    try (InputStream in = beside.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("this program lacks its part " + file);
      }
      return new Prose(file, sections(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> sections(String text) {
    Map<String, String> sections = new LinkedHashMap<>();
    for (String section : ("\n" + text).split("\n## ", -1)) {
      int end = section.indexOf('\n');
      if (end > 0) {
        sections.put(
            section.substring(0, end).strip(),
            section.substring(end).strip().replaceAll("\\s*\n\\s*", " "));
      }
    }
    return sections;
  }

  /**
   * A section with its values.
   *
   * @param namesAndValues a name, its value, and so on: those that the section has, no others
   * @throws IllegalArgumentException if there is no such section, or a value is missing or too many
   */
  public String text(String section, Object... namesAndValues) {
    String text = sections.get(section);
    if (text == null) {
      throw new IllegalArgumentException(file + ": no section \"" + section + "\"");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
    }
    Set<String> used = new LinkedHashSet<>();
    String filled =
        PLACEHOLDER
            .matcher(text)
            .replaceAll(found -> Matcher.quoteReplacement(value(section, found, values, used)));
    if (!used.equals(values.keySet())) {
      throw new IllegalArgumentException(
          "%s: section \"%s\" has the values %s, got %s"
              .formatted(file, section, used, values.keySet()));
    }
    return filled;
  }

  private String value(
      String section, MatchResult found, Map<String, Object> values, Set<String> used) {
    String name = found.group(1);
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "%s: section \"%s\" needs a value for {%s}".formatted(file, section, name));
    }
    used.add(name);
    String format = found.group(2);
    return format == null ? value.toString() : String.format(Locale.ROOT, format, value);
  }
}
