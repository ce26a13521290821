package dev.narrows.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaTemplatesTest {
  @TempDir Path temp;
  private Path source;
  private Path target;

  @BeforeEach
  void folders() throws IOException {
    source = Files.createDirectory(temp.resolve("source"));
    target = temp.resolve("target");
  }

  private void template(String name, String text) throws IOException {
    Path file = source.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void expand() throws IOException {
    new JavaTemplates(source).expandInto(target);
  }

  @Test
  void template_ofAClass_isExpandedWithTheMacrosItImports() throws IOException {
    template("macros.ftl", "<#macro field n>int f${n};</#macro>");
    template("a/C.java.ftl", "<#import \"/macros.ftl\" as m><@m.field 1000/>");
    expand();
    assertThat(target.resolve("a/C.java"))
        .hasContent(
            "// Generated from a/C.java.ftl: change the template, not this file.\nint f1000;");
    assertThat(target.resolve("macros.ftl")).doesNotExist();
  }

  @Test
  void classes_underAnotherLocale_areTheSameBytes() throws IOException {
    template("C.java.ftl", "<#list [1234567, 0.5, true] as v>${v} </#list>#{not this}");
    Locale before = Locale.getDefault();
    try {
      expand();
      byte[] bytes = Files.readAllBytes(target.resolve("C.java"));
      Locale.setDefault(Locale.forLanguageTag("de-DE-u-nu-arab"));
      Files.delete(target.resolve("C.java"));
      expand();
      assertThat(target.resolve("C.java")).hasBinaryContent(bytes);
      assertThat(target.resolve("C.java")).content().endsWith("1234567 0.5 true #{not this}");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void expansion_again_writesWhatChangedAndDeletesWhatIsGone() throws IOException {
    template("Kept.java.ftl", "kept");
    template("Changed.java.ftl", "before");
    template("a/Gone.java.ftl", "gone");
    expand();
    FileTime old = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(target.resolve("Kept.java"), old);
    template("Changed.java.ftl", "after");
    Files.delete(source.resolve("a/Gone.java.ftl"));
    expand();
    assertThat(Files.getLastModifiedTime(target.resolve("Kept.java"))).isEqualTo(old);
    assertThat(target.resolve("Changed.java")).content().endsWith("after");
    assertThat(target.resolve("a/Gone.java")).doesNotExist();
  }

  @Test
  void template_thatDoesNotParse_isNamedWithItsLine() throws IOException {
    template("a/C.java.ftl", "one\n<#if true>\ntwo");
    assertThatThrownBy(this::expand)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(source.resolve("a/C.java.ftl") + ":");
  }

  @Test
  void macro_thatFails_isNamedWithItsLine() throws IOException {
    template("macros.ftl", "<#macro m>\n\n${missing}</#macro>");
    template("C.java.ftl", "<#import \"/macros.ftl\" as m><@m.m/>");
    assertThatThrownBy(this::expand)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(source.resolve("macros.ftl") + ":3: ");
  }

  @Test
  void import_ofAMissingTemplate_isNamedWithItsLine() throws IOException {
    template("C.java.ftl", "\n<#import \"/none.ftl\" as m>");
    assertThatThrownBy(this::expand)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(source.resolve("C.java.ftl") + ":2: ");
  }
}
