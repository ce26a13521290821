package dev.narrows.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.report.fixture.SampleRuns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResultKindTest {
  /** Every class of the package, as compiled. */
  private static List<Class<?>> classes() throws Exception {
    Path folder =
        Path.of(Result.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve(Result.class.getPackageName().replace('.', '/'));
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.startsWith("package-info"))
          .<Class<?>>map(name -> type(name.substring(0, name.length() - ".class".length())))
          .toList();
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(Result.class.getPackageName() + "." + name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void registry_everyResultRecord_standsInItOnce() throws Exception {
    List<Class<?>> results =
        classes().stream()
            .filter(type -> type.isRecord() && Result.class.isAssignableFrom(type))
            .toList();
    assertThat(Arrays.stream(ResultKind.values()).<Class<?>>map(ResultKind::type).toList())
        .hasSizeGreaterThan(7)
        .containsExactlyInAnyOrderElementsOf(results);
  }

  @Test
  void kind_ofEverySampleResult_isThatOfItsRecordAndSchema() {
    for (Result result : SampleRuns.resnet20().results()) {
      assertThat(result.resultKind().type()).isEqualTo(result.getClass());
      assertThat(ResultKind.stored(result.schema())).contains(result.resultKind());
    }
  }

  @Test
  void read_ofAnUnknownKind_listsThoseThatAreRead() {
    assertThatThrownBy(() -> ResultJson.read("x.json", "{\"schema\": \"narrows/nothing/1\"}"))
        .hasMessage(
            "x.json: expected narrows/analysis/1, narrows/evaluation/1, narrows/agreement/1,"
                + " narrows/plan/1, narrows/certificate/1, narrows/language/1,"
                + " narrows/similarity/1, narrows/cost/1, narrows/demo/1,"
                + " narrows/reproduction/1, narrows/sweep/1, narrows/repair/1, narrows/lanes/1,"
                + " narrows/order/1 or narrows/benchmark/1,"
                + " found schema \"narrows/nothing/1\"");
    assertThat(ResultJson.readable("narrows/sweep/9")).isTrue();
    assertThat(ResultJson.readable("narrows/sweeps/1")).isFalse();
    assertThat(ResultJson.readable("narrows/data/1")).isFalse();
  }
}
