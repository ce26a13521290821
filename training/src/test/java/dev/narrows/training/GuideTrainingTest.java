package dev.narrows.training;

import dev.narrows.cli.Narrows;
import dev.narrows.cli.terminal.Terminal;
import dev.narrows.core.testing.GuidePage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages of the guide whose commands train say what they show. */
@Tag("slow")
class GuideTrainingTest {
  @TempDir private Path folder;

  static List<GuidePage> pages() throws IOException {
    return GuidePage.in(Path.of("../docs/guide"), true);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void commands_ofAPage_sayWhatItShows(GuidePage page) throws IOException {
    page.check(
        folder,
        words -> {
          ByteArrayOutputStream said = new ByteArrayOutputStream();
          try (PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            int exitCode = Narrows.run(new Terminal(stream, stream, false), words);
            return new GuidePage.Output(exitCode, said.toString(StandardCharsets.UTF_8));
          }
        });
  }
}
