package dev.narrows.cluster.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.experiments.sweep.ProgramStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How a machine of a cluster finds Narrows and the sweep's folder, and what it says if it cannot.
 */
class TrialOrderTest {
  private static final String MACHINE = "executor 0 on here";

  @TempDir private Path folder;

  private TrialOrder order(String classPath) throws IOException {
    ProgramStart program =
        new ProgramStart(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            List.of("-Xmx1g"),
            classPath,
            "a.Main");
    SharedMark mark = SharedMark.in(folder);
    return new TrialOrder(folder.resolve("run").toString(), mark, program, List.of("a", "b"), "/d");
  }

  @Test
  void command_withoutAnOwnNarrows_isTheDriversIfAllOfItIsHere() throws IOException {
    String here = folder + ":" + folder + "/*";
    assertThat(order(here).command(MACHINE, Map.of()))
        .containsSubsequence("-Xmx1g", "-cp", here, "a.Main", "a", "b");
    TrialOrder missing = order(folder + ":/nowhere/narrows.jar");
    assertThatThrownBy(() -> missing.command(MACHINE, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(MACHINE, "/nowhere/narrows.jar", "NARROWS_HOME");
  }

  @Test
  void command_withAnOwnNarrows_isItsLauncher() throws IOException {
    TrialOrder order = order("/nowhere/narrows.jar");
    Map<String, String> environment = Map.of("NARROWS_HOME", folder.toString());
    assertThatThrownBy(() -> order.command(MACHINE, environment))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(MACHINE, folder.toString(), "launcher");
    Path launcher = folder.resolve("narrows");
    Files.createFile(
        launcher,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    assertThat(order.command(MACHINE, environment)).containsExactly(launcher.toString(), "a", "b");
  }

  @Test
  void environment_keepsTheMachinesDataAndNoSecrets() throws IOException {
    Map<String, String> environment =
        new HashMap<>(Map.of("_SPARK_AUTH_SECRET", "s", "SPARK_SECRET_X", "s", "HOME", "/root"));
    order("").complete(environment);
    assertThat(environment)
        .containsOnly(
            Map.entry("HOME", "/root"),
            Map.entry("NARROWS_DATA", "/d"),
            Map.entry("OMP_WAIT_POLICY", "passive"));
    environment.put("NARROWS_DATA", "/own");
    order("").complete(environment);
    assertThat(environment).containsEntry("NARROWS_DATA", "/own");
  }

  @Test
  void mark_inAnotherFolderOfTheSameName_isNotSeen() throws IOException {
    SharedMark mark = SharedMark.in(folder);
    mark.require(MACHINE);
    SharedMark elsewhere = new SharedMark(folder.toString(), mark.name(), "of another folder");
    assertThatThrownBy(() -> elsewhere.require(MACHINE))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(MACHINE, "does not see the folder", folder.toString());
    mark.remove();
    assertThatThrownBy(() -> mark.require(MACHINE)).isInstanceOf(IOException.class);
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }
}
