package dev.narrows.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a release calls itself: the git tag that it is made at, such as 0.2.0 at tag v0.2.0; else
 * the next patch of the last tag, with the number of commits since and the commit itself, such as
 * {@code 0.2.1.dev14+gabc123def}. One text serves archives, Maven and Python (PEP 440).
 *
 * @param text without the tag's v
 * @param commit in full; empty outside a checkout
 * @param seconds the commit's date since 1970: that of everything in the archive
 */
public record ReleaseVersion(String text, Optional<String> commit, long seconds) {
  private static final Pattern DESCRIBED =
      Pattern.compile("v(\\d+)\\.(\\d+)\\.(\\d+)-(\\d+)-g([0-9a-f]+)");

  /** 1 January 2026, for a source that has no date. */
  private static final long UNDATED = 1_767_225_600;

  /**
   * The version of a checkout.
   *
   * @param root the checkout
   * @param next the version that the build file works towards, such as 0.1.0-SNAPSHOT: for a
   *     checkout without tags
   */
  public static ReleaseVersion of(Path root, String next) throws IOException {
    Optional<String> commit = git(root, "rev-parse", "HEAD");
    if (commit.isEmpty()) {
      return new ReleaseVersion(base(next) + ".dev0", commit, UNDATED);
    }
    boolean changed = git(root, "status", "--porcelain").map(text -> !text.isEmpty()).orElse(true);
    long seconds = Long.parseLong(git(root, "log", "-1", "--format=%ct").orElse("" + UNDATED));
    Optional<String> described =
        git(root, "describe", "--tags", "--long", "--abbrev=9", "--match", "v[0-9]*");
    String text =
        described.isPresent()
            ? described(described.get(), changed)
            : "%s.dev%s+g%s%s"
                .formatted(
                    base(next),
                    git(root, "rev-list", "--count", "HEAD").orElse("0"),
                    commit.get().substring(0, 9),
                    changed ? ".changed" : "");
    return new ReleaseVersion(text, commit, seconds);
  }

  /**
   * Reads what {@code git describe --tags --long} prints.
   *
   * @param changed whether files differ from the commit
   * @throws ReleaseException if the tag is not a version
   */
  static String described(String text, boolean changed) {
    Matcher parts = DESCRIBED.matcher(text);
    if (!parts.matches()) {
      throw new ReleaseException(
          "expected a tag such as v0.2.0, found " + text.replaceFirst("-\\d+-g\\w+$", ""));
    }
    String major = parts.group(1) + "." + parts.group(2) + ".";
    if (parts.group(4).equals("0") && !changed) {
      return major + parts.group(3);
    }
    return "%s%d.dev%s+g%s%s"
        .formatted(
            major,
            Integer.parseInt(parts.group(3)) + 1,
            parts.group(4),
            parts.group(5),
            changed ? ".changed" : "");
  }

  /**
   * Refuses a release at a tag that the list of changes has no section for.
   *
   * @param changelog the text of CHANGELOG.md
   * @throws ReleaseException then
   */
  void requireSection(String changelog) {
    boolean tagged = !text.contains(".dev");
    if (tagged
        && changelog
            .lines()
            .noneMatch(line -> line.matches("## \\Q%s\\E( \\([-0-9]+\\))?".formatted(text)))) {
      throw new ReleaseException(
          "CHANGELOG.md has no section for this release: expected a line \"## %s (DATE)\" in the commit of the tag"
              .formatted(text));
    }
  }

  private static String base(String next) {
    return next.replaceFirst("-SNAPSHOT$", "");
  }

  private static Optional<String> git(Path root, String... words) throws IOException {
    List<String> line = new ArrayList<>(List.of("git", "-C", root.toString()));
    line.addAll(List.of(words));
    try {
      Process process =
          new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? Optional.of(said) : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while git was asked", e);
    } catch (IOException noGit) {
      return Optional.empty();
    }
  }
}
