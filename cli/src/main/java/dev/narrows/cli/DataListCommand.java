package dev.narrows.cli;

import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.KnownSet;
import dev.narrows.report.ListingResult;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code data list}. */
@Command(name = "list", description = "Lists the known data sets, their licences and places.")
final class DataListCommand implements Callable<Integer> {
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private DataOptions.RootOptions roots = new DataOptions.RootOptions();

  private final Commands commands;

  DataListCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    List<Map<String, Object>> items =
        new DataCatalog(roots.roots()).list().stream().map(DataListCommand::item).toList();
    ListingResult result =
        new ListingResult(
            "data",
            "Data sets, looked for in " + roots.roots(),
            List.of("name", "state", "description", "licence", "homepage"),
            items);
    output.tell(commands, result, "data");
    return ExitCode.DONE;
  }

  private static Map<String, Object> item(DataCatalog.Listing listing) {
    KnownSet set = listing.set();
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("name", set.name());
    item.put("state", state(listing));
    item.put("description", set.description());
    item.put("licence", set.licence());
    item.put("homepage", set.homepage());
    return item;
  }

  private static String state(DataCatalog.Listing listing) {
    if (listing.set().embedded()) {
      return "embedded";
    }
    String where = listing.where().map(path -> " in " + path).orElse("");
    return listing.complete()
        ? "complete" + where
        : listing.filesFound() == 0
            ? "absent"
            : listing.filesFound() + " of " + listing.set().files().size() + " files" + where;
  }
}
