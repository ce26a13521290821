package dev.narrows.templates;

import freemarker.core.ParseException;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder of templates. Each file {@code a/b/C.java.ftl} becomes the class {@code a/b/C.java}; all
 * other files ({@code *.ftl}) are macros for these to import. The same templates give the same
 * bytes, on every machine and at any time: they see no environment, clock or locale.
 *
 * @see <a href="https://freemarker.apache.org/docs/index.html">FreeMarker's manual</a>
 */
public final class JavaTemplates {
  private static final String SUFFIX = ".java.ftl";

  private final Path folder;
  private final Configuration engine;

  /**
   * @param folder with the templates
   * @throws IOException if it is no folder that can be read
   */
  public JavaTemplates(Path folder) throws IOException {
    this.folder = folder;
    this.engine = new Configuration(Configuration.VERSION_2_3_34);
    engine.setDirectoryForTemplateLoading(folder.toFile());
    engine.setDefaultEncoding("UTF-8");
    engine.setLocale(Locale.ROOT);
    engine.setNumberFormat("computer");
    engine.setBooleanFormat("c");
    engine.setInterpolationSyntax(Configuration.DOLLAR_INTERPOLATION_SYNTAX);
    engine.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    engine.setLogTemplateExceptions(false);
  }

  /**
   * Expands all templates into {@code target} and deletes every other file there. Files that stay
   * the same are not written, so that the compiler sees no change.
   *
   * @throws IOException if a file cannot be read or written
   * @throws IllegalArgumentException if a template is wrong; the message begins with its path and
   *     line
   */
  public void expandInto(Path target) throws IOException {
    Files.createDirectories(target);
    Set<Path> classes = new TreeSet<>();
    for (String template : templates()) {
      String java = expand(template);
      Path file =
          target.resolve(template.substring(0, template.length() - ".ftl".length())).normalize();
      classes.add(file);
      if (!Files.exists(file) || !Files.readString(file).equals(java)) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, java);
      }
    }
    for (Path file : files(target)) {
      if (!classes.contains(file.normalize())) {
        Files.delete(file);
      }
    }
  }

  /** The templates of classes, relative to the folder, sorted. */
  private List<String> templates() throws IOException {
    return files(folder).stream()
        .map(file -> folder.relativize(file).toString().replace('\\', '/'))
        .filter(name -> name.endsWith(SUFFIX))
        .toList();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().collect(Collectors.toList());
    }
  }

  private String expand(String name) throws IOException {
    StringWriter java = new StringWriter();
    java.write("// Generated from " + name + ": change the template, not this file.\n");
    try {
      engine.getTemplate(name).process(Map.of(), java);
    } catch (ParseException e) {
      throw wrong(e.getTemplateName(), e.getLineNumber(), e.getEditorMessage(), e);
    } catch (TemplateException e) {
      throw wrong(e.getTemplateSourceName(), e.getLineNumber(), e.getMessageWithoutStackTop(), e);
    }
    return java.toString();
  }

  private IllegalArgumentException wrong(String name, int line, String message, Exception cause) {
    return new IllegalArgumentException(folder.resolve(name) + ":" + line + ": " + message, cause);
  }
}
