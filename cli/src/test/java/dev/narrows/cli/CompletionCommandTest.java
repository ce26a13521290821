package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionCommandTest {
  @TempDir private Path folder;

  /** A real bash reads the script and completes the last of these words. */
  @ParameterizedTest
  @CsvSource({
    "narrows ana, analyze",
    "narrows doc, doctor",
    "narrows data f, fetch",
    "narrows evaluate --prep, --preprocess",
    "narrows analyze --format j, json"
  })
  void bash_wordsBegun_areCompleted(String words, String completed) throws Exception {
    Path script = Files.writeString(folder.resolve("narrows.bash"), script("bash"));
    String typed =
        """
        . '%s'
        compopt() { :; } # only a shell that somebody types in has it
        COMP_WORDS=(%s)
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        $(complete -p narrows | sed -n 's/.*-F \\([a-z_]*\\).*/\\1/p')
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(script, words);
    Process bash = new ProcessBuilder("bash", "-c", typed).redirectErrorStream(true).start();
    List<String> said = bash.inputReader().lines().toList();
    assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(said).containsExactly(completed);
  }

  @Test
  void zsh_readsTheSameScript() throws IOException {
    assertThat(script("zsh")).contains("bashcompinit").endsWith(script("bash"));
  }

  @Test
  void shell_anotherOne_isBadInput() {
    assertThat(Said.by("completion", "fish").exitCode()).isEqualTo(2);
    assertThat(Said.by("completion", "fish").err()).contains("expected one of [bash, zsh]");
    assertThat(Said.by("completion").exitCode()).isEqualTo(2);
  }

  private static String script(String shell) {
    Said said = Said.by("completion", shell);
    assertThat(said.exitCode()).as(said.err()).isZero();
    return said.out();
  }
}
