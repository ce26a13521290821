package dev.narrows.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What shells look for beside {@code bin}: manual pages, which man(1) finds once {@code bin} is on
 * the PATH, and scripts that complete words after a tab.
 */
final class ShellFiles {
  private ShellFiles() {}

  /**
   * Makes {@code share}.
   *
   * @param stage the release's folder, with runtime and jars
   * @param launcher the folder of what is carried as it is
   */
  static void make(Path stage, Path launcher) throws IOException {
    StagedTool tool = new StagedTool(stage);
    tool.print("the manual", "man", "--out", "share/man/man1");
    Path bash = stage.resolve("share/bash-completion/completions/narrows");
    Files.createDirectories(bash.getParent());
    Files.writeString(bash, tool.print("the script that completes", "completion", "bash"));
    Path zsh = stage.resolve("share/zsh/site-functions/_narrows");
    Files.createDirectories(zsh.getParent());
    Files.copy(launcher.resolve("zsh-completion"), zsh);
  }
}
