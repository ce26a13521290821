package dev.narrows.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseNamesTest {
  @ParameterizedTest
  @CsvSource({
    "v0.2.0-0-gabc123def, false, 0.2.0",
    "v0.2.0-0-gabc123def, true, 0.2.1.dev0+gabc123def.changed",
    "v0.2.0-14-gabc123def, false, 0.2.1.dev14+gabc123def",
    "v1.10.9-3-g0123456ff, true, 1.10.10.dev3+g0123456ff.changed",
  })
  void version_ofAdescription_isTheTagOrTheNextPatch(String git, boolean changed, String version) {
    assertThat(ReleaseVersion.described(git, changed)).isEqualTo(version);
  }

  @Test
  void version_ofATagThatIsNone_isRefused() {
    assertThatThrownBy(() -> ReleaseVersion.described("very-new-3-gabc", false))
        .isInstanceOf(ReleaseException.class)
        .hasMessage("expected a tag such as v0.2.0, found very-new");
  }

  @ParameterizedTest
  @CsvSource({
    "0.2.0, ## 0.2.0 (2026-12-01), true",
    "0.2.0, ## 0.2.0, true",
    "0.2.0, ## 0.2.0 (unreleased), false",
    "0.2.0, ## 0.1.0 (2026-01-01), false",
    "0.2.0, ## 0x2.0, false",
    "0.2.1.dev3+gabc, ## 0.2.0, true",
  })
  void changes_ofATaggedRelease_haveASection(String version, String heading, boolean known) {
    ReleaseVersion release = new ReleaseVersion(version, Optional.empty(), 0);
    String changelog = "# Changelog\n\n" + heading + "\n- A change.\n";
    if (known) {
      release.requireSection(changelog);
    } else {
      assertThatThrownBy(() -> release.requireSection(changelog))
          .isInstanceOf(ReleaseException.class)
          .hasMessageContaining("## 0.2.0 (DATE)");
    }
  }

  @Test
  void version_outsideACheckout_isTheNextOne(@TempDir Path folder) throws IOException {
    assertThat(ReleaseVersion.of(folder, "0.3.0-SNAPSHOT").text()).isEqualTo("0.3.0.dev0");
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x86_64",
    "Linux, aarch64, linux-aarch64",
    "Mac OS X, aarch64, macos-aarch64",
  })
  void platform_ofAJvm_isNamed(String system, String processor, String platform) {
    assertThat(ReleasePlatform.of(system, processor)).hasToString(platform);
  }

  @Test
  void platform_withoutReleases_isRefused() {
    assertThatThrownBy(() -> ReleasePlatform.of("Windows 11", "amd64"))
        .isInstanceOf(ReleaseException.class)
        .hasMessageContaining("Windows 11");
  }

  @ParameterizedTest
  @CsvSource({
    "narrows-core-0.1.0-SNAPSHOT.jar, narrows-core.jar",
    "picocli-4.7.7.jar, picocli-4.7.7.jar",
  })
  void jar_ofOurs_losesItsVersion(String jar, String name) {
    assertThat(LibraryJars.plainName(jar)).isEqualTo(name);
  }
}
