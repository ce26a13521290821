package dev.narrows.report.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.narrows.report.DemoResult;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.Result;
import dev.narrows.report.ResultJson;
import dev.narrows.report.fixture.SampleRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredRunsTest {
  @TempDir private Path folder;

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void write(String name, Result result) throws IOException {
    write(name, ResultJson.write(result));
  }

  @Test
  void read_runFolder_hasEverythingThatWasStored() throws IOException {
    write("run/results.json", SampleRuns.evaluation());
    write("run/analysis.json", SampleRuns.analysis());
    write("run/certificate.json", SampleRuns.certificate());
    write("run/environment.json", "{\"seed\": 7, \"command\": [\"train\", \"my recipe.yaml\"]}");
    write(
        "run/metrics.csv",
        "phase,epoch,loss,validationAccuracy\nfloat,1,0.5,\nprune,1,0.25,81.5\n");
    write("run/recipe.yaml", "name: x\n");
    List<ReportRun> runs = StoredRuns.read(folder.resolve("run"));
    assertThat(runs).hasSize(1);
    ReportRun run = runs.getFirst();
    assertThat(run.name()).isEqualTo("run");
    assertThat(run.results())
        .containsExactly(SampleRuns.evaluation(), SampleRuns.analysis(), SampleRuns.certificate());
    assertThat(run.command()).contains("train 'my recipe.yaml'");
    assertThat(run.environment()).containsEntry("seed", 7);
    assertThat(run.metrics())
        .containsExactly(
            Map.of("phase", "float", "epoch", 1.0, "loss", 0.5),
            Map.of("phase", "prune", "epoch", 1.0, "loss", 0.25, "validationAccuracy", 81.5));
    assertThat(run.recipe()).contains("name: x\n");
  }

  @Test
  void read_folderOfRuns_readsEachInOrder() throws IOException {
    write("demo/register/results.json", SampleRuns.evaluation());
    write("demo/network/results.json", SampleRuns.evaluation());
    write("demo/other/notes.txt", "nothing");
    assertThat(StoredRuns.read(folder.resolve("demo")))
        .extracting(ReportRun::name, ReportRun::files)
        .containsExactly(
            tuple("network", List.of("network/results.json")),
            tuple("register", List.of("register/results.json")));
  }

  @Test
  void report_ofADemo_isItsRunsUnderItsNotes() throws IOException {
    EvaluationResult evaluation = SampleRuns.evaluation();
    write("demo/network/results.json", evaluation);
    write("demo/register/results.json", evaluation);
    DemoResult demo =
        new DemoResult(
            evaluation, List.of(), Map.of("wrap", 15), evaluation, 9, List.of("A.", "B."));
    write("demo/demo.json", demo);
    Report report = StoredRuns.report(Optional.empty(), List.of(folder.resolve("demo")));
    assertThat(report.title()).isEqualTo("demo");
    assertThat(report.notes()).containsExactly("A.", "B.");
    assertThat(report.runs()).extracting(ReportRun::name).containsExactly("network", "register");
    Report alone = StoredRuns.report(Optional.of("T"), List.of(folder.resolve("demo/demo.json")));
    assertThat(alone.title()).isEqualTo("T");
    assertThat(alone.runs().getFirst().results()).containsExactly(demo);
  }

  @Test
  void read_oneFile_isARunOfThatResult() throws IOException {
    write("e.json", SampleRuns.evaluation());
    ReportRun run = StoredRuns.read(folder.resolve("e.json")).getFirst();
    assertThat(run.results()).containsExactly(SampleRuns.evaluation());
    assertThat(run.files()).containsExactly("e.json");
  }

  @Test
  void read_aFolderOfAVerdictAlone_saysThatItHasNoPage() throws IOException {
    write("v/verdict.json", "{\"schema\": \"narrows/verdict/1\"}");
    assertThatThrownBy(() -> StoredRuns.read(folder.resolve("v")))
        .isInstanceOf(StoredRunException.class)
        .hasMessageContaining("verdict.json, what verify wrote, has no page");
  }

  @Test
  void read_whatCannotBeRead_namesTheFileAndWhatWasExpected() throws IOException {
    assertThatThrownBy(() -> StoredRuns.read(folder.resolve("none")))
        .isInstanceOf(StoredRunException.class)
        .hasMessageContaining("none: no such file or folder");
    assertThatThrownBy(() -> StoredRuns.read(folder))
        .isInstanceOf(StoredRunException.class)
        .hasMessageContaining("no results here");
    write("cut/results.json", ResultJson.write(SampleRuns.evaluation()).substring(0, 300));
    assertThatThrownBy(() -> StoredRuns.read(folder.resolve("cut")))
        .isInstanceOf(StoredRunException.class)
        .hasMessageContaining("results.json: not JSON");
    write("new/results.json", "{\"schema\": \"narrows/evaluation/9\"}");
    assertThatThrownBy(() -> StoredRuns.read(folder.resolve("new")))
        .isInstanceOf(StoredRunException.class)
        .hasMessageContaining("newer version");
    write("bad/results.json", SampleRuns.evaluation());
    write("bad/environment.json", "[1]");
    assertThatThrownBy(() -> StoredRuns.read(folder.resolve("bad")))
        .isInstanceOf(StoredRunException.class)
        .hasMessageContaining("environment.json: not a JSON object");
    write("odd.json", "{\"schema\": \"narrows/data/1\"}");
    assertThatThrownBy(() -> StoredRuns.read(folder.resolve("odd.json")))
        .isInstanceOf(StoredRunException.class)
        .hasMessageContaining("found schema \"narrows/data/1\"");
  }
}
