package dev.narrows.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text of docs/result-files.md: an introduction that people wrote, then a section for each kind
 * of result with a table for each of its objects. Objects that several kinds have come last.
 */
final class ResultFilesPage {
  private static final String INTRODUCTION = "result-files-introduction.txt";
  private static final int WIDTH = 120;

  private final TypeComments comments;

  /** The sections, by the record that each is about. */
  private final Map<Class<?>, String> titles = new LinkedHashMap<>();

  /** What has no meaning yet. */
  private final List<String> unexplained = new ArrayList<>();

  ResultFilesPage(TypeComments comments) {
    this.comments = comments;
    for (ResultKind kind : ResultKind.values()) {
      titles.put(kind.type(), title(kind.name()));
      if (kind == ResultKind.SWEEP) {
        titles.put(SweepTrial.class, "Trial"); // no result, but a file of its own
      }
    }
  }

  private static String title(String constant) {
    return constant.charAt(0) + constant.substring(1).toLowerCase(Locale.ROOT);
  }

  /** Types, components and constants without a comment, met while the text was made. */
  List<String> unexplained() {
    return unexplained;
  }

  /** The whole page. */
  String text() throws IOException {
    Map<Class<?>, Set<Class<?>>> parts = new LinkedHashMap<>();
    titles.keySet().forEach(kind -> parts.put(kind, parts(kind)));
    List<Class<?>> shared = shared(parts.values());
    StringBuilder page = new StringBuilder(introduction());
    parts.forEach((kind, own) -> {
      page.append("\n## ").append(titles.get(kind)).append("\n\n").append(described(kind));
      own.stream().filter(part -> !shared.contains(part)).map(this::part).forEach(page::append);
    });
    page.append("\n## Shared objects\n\nParts of several kinds, by name.\n");
    shared.stream().map(this::part).forEach(page::append);
    return page.toString();
  }

  /** What is a part of more than one kind, by name. */
  private static List<Class<?>> shared(Collection<Set<Class<?>>> parts) {
    Set<Class<?>> seen = new HashSet<>();
    return parts.stream()
        .flatMap(Set::stream)
        .filter(part -> !seen.add(part))
        .distinct()
        .sorted(Comparator.comparing(Class::getSimpleName))
        .toList();
  }

  private static String introduction() throws IOException {
    try (InputStream in = ResultFilesPage.class.getResourceAsStream(INTRODUCTION)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + INTRODUCTION);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The records and enums that a kind's JSON holds, in the order in which it names them. */
  private Set<Class<?>> parts(Class<?> kind) {
    Set<Class<?>> parts = new LinkedHashSet<>();
    collect(kind, parts);
    return parts;
  }

  private void collect(Class<?> type, Set<Class<?>> parts) {
    if (type.isRecord()) {
      Arrays.stream(type.getRecordComponents())
          .flatMap(component -> classes(component.getGenericType()))
          .filter(part -> part.isRecord() || part.isEnum())
          .filter(part -> !titles.containsKey(part) && parts.add(part))
          .forEach(part -> collect(part, parts));
    }
  }

  /** A class, or those that a generic type is made of. */
  private static Stream<Class<?>> classes(Type type) {
    return type instanceof ParameterizedType generic
        ? Arrays.stream(generic.getActualTypeArguments()).flatMap(ResultFilesPage::classes)
        : Stream.of((Class<?>) type);
  }

  private String part(Class<?> type) {
    return "\n### " + type.getSimpleName() + "\n\n" + described(type);
  }

  private String described(Class<?> type) {
    String about =
        Arrays.stream(meaning(type.getSimpleName(), comments.of(type)).split("\n\n"))
            .map(ResultFilesPage::wrapped)
            .collect(Collectors.joining("\n"));
    return about + "\n" + (type.isEnum() ? constants(type) : keys(type));
  }

  private String keys(Class<?> type) {
    StringBuilder table = new StringBuilder("| key | type | meaning |\n|---|---|---|\n");
    for (RecordComponent key : type.getRecordComponents()) {
      String said = comments.of(type, key.getName());
      table.append(
          row(
              "`" + jsonName(key) + "`",
              typeOf(key.getGenericType()),
              meaning(type.getSimpleName() + "." + key.getName(), said)));
    }
    return table.toString();
  }

  private String constants(Class<?> type) {
    StringBuilder table = new StringBuilder("| text | meaning |\n|---|---|\n");
    for (Object constant : type.getEnumConstants()) {
      String name = ((Enum<?>) constant).name();
      table.append(
          row(
              "`" + ResultJson.tree(constant).asString() + "`",
              meaning(type.getSimpleName() + "." + name, comments.of(type, name))));
    }
    return table.toString();
  }

  private static String row(String... cells) {
    return Arrays.stream(cells)
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private String meaning(String of, String said) {
    if (said.isBlank()) {
      unexplained.add(of);
    }
    return said;
  }

  private static String jsonName(RecordComponent key) {
    Method accessor = key.getAccessor();
    return Optional.ofNullable(accessor.getAnnotation(JsonProperty.class))
        .map(JsonProperty::value)
        .orElse(key.getName());
  }

  private String typeOf(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == Optional.class
        ? one(generic.getActualTypeArguments()[0]) + ", may be absent"
        : one(type);
  }

  /** One value of a type, for people who read JSON. */
  private String one(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      return generic.getRawType() == List.class
          ? "list of " + many(of[0])
          : "map of text to " + one(of[1]);
    }
    Class<?> plain = (Class<?>) type;
    return plain.isRecord() || plain.isEnum() ? link(plain) : word(plain);
  }

  /** Several of them. */
  private String many(Type type) {
    return one(type).replaceFirst("^(integer|number|text|value|list|map)\\b", "$1s");
  }

  private static String word(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "int", "long", "Integer", "Long" -> "integer";
      case "double", "Double" -> "number";
      case "boolean", "Boolean" -> "true or false";
      case "String" -> "text";
      case "Object" -> "value of any type";
      default -> throw new IllegalStateException("how does JSON write a " + type + "?");
    };
  }

  private String link(Class<?> type) {
    String name = titles.getOrDefault(type, type.getSimpleName());
    return "[%s](#%s)".formatted(name, name.toLowerCase(Locale.ROOT));
  }

  private static String wrapped(String paragraph) {
    StringBuilder text = new StringBuilder();
    int used = 0;
    for (String word : paragraph.split(" ")) {
      boolean fits = used + 1 + word.length() <= WIDTH;
      text.append(used == 0 ? "" : fits ? " " : "\n").append(word);
      used = used == 0 || !fits ? word.length() : used + 1 + word.length();
    }
    return text.append('\n').toString();
  }
}
