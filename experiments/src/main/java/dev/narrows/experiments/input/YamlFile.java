package dev.narrows.experiments.input;

import dev.narrows.network.GitLfsPointer;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads one YAML document into {@link YamlValue}s.
 *
 * <p>Aliases are refused (they are what makes a small file expand without bound), as are duplicate
 * keys, more than one document, files above 1 MiB and nesting deeper than 16.
 */
public final class YamlFile {
  private static final long MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 16;
  private static final YAMLMapper MAPPER = new YAMLMapper();

  private final String name;
  private final YAMLParser parser;

  private YamlFile(String name, YAMLParser parser) {
    this.name = name;
    this.parser = parser;
  }

  /**
   * Reads a file whose document is a mapping.
   *
   * @throws BadInputException naming file, line, column and what is wrong there
   */
  public static YamlMap read(Path file) {
    if (Files.isDirectory(file)) {
      throw BadInputException.in(file, "is a folder, expected a YAML file");
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw BadInputException.in(file, "larger than 1 MiB, expected a short YAML file");
      }
      if (GitLfsPointer.isPointer(file)) {
        throw BadInputException.in(file, GitLfsPointer.PROBLEM);
      }
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException missing) {
      throw new BadInputException(file + ": no such file", missing);
    } catch (IOException e) {
      String why = e instanceof CharacterCodingException ? "" : " (" + e.getMessage() + ")";
      throw new BadInputException(file + ": cannot be read as UTF-8 text" + why, e);
    }
  }

  /**
   * Reads a text whose document is a mapping.
   *
   * @param name what errors call the text
   */
  public static YamlMap parse(String name, String text) {
    try (YAMLParser parser = (YAMLParser) MAPPER.createParser(text)) {
      return new YamlFile(name, parser).document();
    } catch (JacksonException e) {
      TokenStreamLocation where = e.getLocation();
      YamlPlace place =
          where == null || where.getLineNr() < 1
              ? new YamlPlace(name, 1, 1, "")
              : new YamlPlace(name, where.getLineNr(), where.getColumnNr(), "");
      String problem = e.getOriginalMessage();
      throw place.error("not YAML: " + problem.strip().replaceAll("\\s+", " "), e);
    }
  }

  private YamlMap document() {
    JsonToken first = parser.nextToken();
    YamlPlace start = new YamlPlace(name, 1, 1, "");
    if (first == null) {
      throw start.error("the file is empty, expected keys and values");
    }
    YamlMap map = value(start, first, 0).map();
    if (parser.nextToken() != null) {
      throw here(start).error("expected one document, found a second");
    }
    return map;
  }

  private YamlValue value(YamlPlace place, JsonToken token, int depth) {
    if (depth > MAX_DEPTH) {
      throw place.error("nested deeper than " + MAX_DEPTH + " levels");
    }
    if (parser.isCurrentAlias()) {
      throw place.error("aliases are not allowed here; write the value out");
    }
    return switch (token) {
      case START_OBJECT -> mapping(place, depth);
      case START_ARRAY -> sequence(place, depth);
      case VALUE_NULL -> new YamlValue.Scalar(place, "");
      default -> new YamlValue.Scalar(place, parser.getString());
    };
  }

  private YamlValue mapping(YamlPlace place, int depth) {
    Map<String, YamlValue> values = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      TokenStreamLocation at = parser.currentTokenLocation();
      YamlPlace under = place.under(key, at.getLineNr(), at.getColumnNr());
      YamlValue value = value(under, parser.nextToken(), depth + 1);
      if (values.put(key, value) != null) {
        throw under.error("the key stands here a second time");
      }
    }
    return new YamlValue.Mapping(place, new YamlMap(place, values));
  }

  private YamlValue sequence(YamlPlace place, int depth) {
    List<YamlValue> items = new ArrayList<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      TokenStreamLocation at = parser.currentTokenLocation();
      items.add(value(place.at(items.size(), at.getLineNr(), at.getColumnNr()), t, depth + 1));
    }
    return new YamlValue.Sequence(place, items);
  }

  private YamlPlace here(YamlPlace place) {
    TokenStreamLocation at = parser.currentTokenLocation();
    return new YamlPlace(place.file(), at.getLineNr(), at.getColumnNr(), "");
  }
}
