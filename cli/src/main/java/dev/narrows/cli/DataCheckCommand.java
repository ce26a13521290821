package dev.narrows.cli;

import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.DataCatalog.FileCheck;
import dev.narrows.data.catalog.DataCatalog.Status;
import dev.narrows.data.catalog.KnownSet;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.report.ListingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code data check}. */
@Command(
    name = "check",
    description = "Recomputes checksums; a wrong or missing file is bad input (exit 2).")
final class DataCheckCommand implements Callable<Integer> {
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private DataOptions.RootOptions roots = new DataOptions.RootOptions();

  @Parameters(
      paramLabel = "SET",
      arity = "0..*",
      description = "Sets to check (default: those that are there).")
  private List<String> names = new ArrayList<>();

  private final Commands commands;

  DataCheckCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    DataCatalog catalog = new DataCatalog(roots.roots());
    List<KnownSet> sets =
        names.isEmpty()
            ? KnownSets.ALL.stream().filter(set -> catalog.list(set).filesFound() > 0).toList()
            : names.stream().map(DataFetchCommand::set).toList();
    boolean right = true;
    List<Map<String, Object>> items = new ArrayList<>();
    for (KnownSet set : sets) {
      for (FileCheck check : catalog.check(set)) {
        right &= check.status() == Status.OK;
        items.add(item(set, check));
      }
    }
    ListingResult result =
        new ListingResult(
            "data-check", "Checksums", List.of("set", "file", "status", "path", "found"), items);
    output.tell(commands, result, "data-check");
    if (!right) {
      commands.terminal().note("narrows: some files are missing or not what they should be");
    }
    return right ? ExitCode.DONE : ExitCode.BAD_INPUT;
  }

  private static Map<String, Object> item(KnownSet set, FileCheck check) {
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("set", set.name());
    item.put("file", check.file().path());
    item.put("status", check.status().name().toLowerCase(Locale.ROOT));
    item.put("path", check.path().map(Path::toString).orElse(set.embedded() ? "embedded" : ""));
    item.put("found", check.found().orElse(""));
    return item;
  }
}
