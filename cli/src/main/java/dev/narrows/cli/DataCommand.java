package dev.narrows.cli;

import picocli.CommandLine.Command;

/** Data sets: where they are, getting them, checking them. */
@Command(
    name = "data",
    description = "Lists, fetches and checks data sets.",
    subcommands = {DataListCommand.class, DataFetchCommand.class, DataCheckCommand.class},
    subcommandsRepeatable = false)
final class DataCommand {}
