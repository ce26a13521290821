package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Commands as processes of their own, beside the exact run of the same images.
 *
 * @param network the file
 * @param dataset as --data names it
 * @param images that each command looked at
 * @param threads of each command
 * @param rounds in which all took turns; a figure is the best of them
 * @param macs multiplications of one image; absent where they depend on the image
 * @param yardstick GMAC/s of the binary32 product on as many threads
 * @param start seconds of the exact run of one image, taken off all others
 * @param commands what this program's commands take
 * @param peers what other programs take on the same file
 */
public record CommandBenchmarks(
    NetworkFile network,
    String dataset,
    int images,
    int threads,
    int rounds,
    Optional<Long> macs,
    double yardstick,
    double start,
    List<MeasuredCommand> commands,
    List<PeerRun> peers) {
  /** Copies the lists. */
  public CommandBenchmarks {
    commands = List.copyOf(commands);
    peers = List.copyOf(peers);
  }

  /**
   * A command.
   *
   * @param name of the command, for people
   * @param words its words after {@code narrows}; MODEL and SET stand for what all have in common
   * @param seconds on the clock, the start included; absent if it failed
   * @param timesExact quotient of the times, the start taken off both
   * @param imagesPerSecond images in a second, the start taken off
   * @param ofYardstick the network's multiplications in this time, as a share of the yardstick
   * @param residentMegabytes the most memory that it held, where the system tells
   * @param beside the same command in another build; absent without one, or if it failed there
   * @param failure what it said, if it failed
   */
  public record MeasuredCommand(
      String name,
      String words,
      Optional<Double> seconds,
      Optional<Double> timesExact,
      Optional<Double> imagesPerSecond,
      Optional<Double> ofYardstick,
      Optional<Integer> residentMegabytes,
      Optional<BesideRun> beside,
      Optional<String> failure) {
    Optional<Double> timesFaster() {
      return seconds.flatMap(own -> beside.map(other -> other.seconds() / own));
    }
  }

  /**
   * A command in another build of this program, in turns with this one's.
   *
   * @param seconds on the clock, the start included
   * @param timesExact quotient of that build's times, the start taken off both
   */
  public record BesideRun(double seconds, Optional<Double> timesExact) {}

  /**
   * Another program on the same file.
   *
   * @param peer its name and version
   * @param how which of its kernels, and the threads
   * @param imagesPerSecond images that it runs in a second
   */
  public record PeerRun(String peer, String how, double imagesPerSecond) {}

  void describe(Table table) {
    table.row("threads of commands", threads);
    table.row(
        "yardstick on %d thread%s, GMAC/s".formatted(threads, threads == 1 ? "" : "s"),
        BenchmarkResult.number(yardstick));
  }

  List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    Table table =
        new Table(
            "Commands on %s, %d images of %s, %d thread%s"
                .formatted(network.file(), images, dataset, threads, threads == 1 ? "" : "s"),
            List.of(
                "command",
                "seconds",
                "times exact",
                "images/s",
                "x yardstick",
                "resident MB",
                "other build, s",
                "times its exact",
                "times as fast",
                "failed"));
    for (MeasuredCommand command : commands) {
      table.row(
          command.name(),
          command.seconds().map(BenchmarkResult::number).orElse(""),
          command.timesExact().map(CommandBenchmarks::times).orElse(""),
          command.imagesPerSecond().map(BenchmarkResult::number).orElse(""),
          command.ofYardstick().map(BenchmarkResult::ratio).orElse(""),
          command.residentMegabytes().map(String::valueOf).orElse(""),
          command.beside().map(other -> BenchmarkResult.number(other.seconds())).orElse(""),
          command.beside().flatMap(BesideRun::timesExact).map(CommandBenchmarks::times).orElse(""),
          command.timesFaster().map(CommandBenchmarks::times).orElse(""),
          command.failure().orElse(""));
    }
    String sentence =
        "Each command is a process of its own, and its best of %d round%s counts. All but the seconds"
                .formatted(rounds, rounds == 1 ? "" : "s")
            + " are without the start, %s s, which is the exact run of one image."
                .formatted(BenchmarkResult.number(start))
            + " x yardstick: the network's multiply-accumulates a second, by the yardstick's on as"
            + " many threads.";
    tables.add(
        table
            .withoutEmpty("other build, s")
            .withoutEmpty("times its exact")
            .withoutEmpty("times as fast")
            .withoutEmpty("failed")
            .led(List.of(sentence)));
    if (!peers.isEmpty()) {
      Table others = new Table("The same file by others", List.of("peer", "how", "images/s"));
      peers.forEach(peer ->
          others.row(peer.peer(), peer.how(), BenchmarkResult.number(peer.imagesPerSecond())));
      tables.add(others);
    }
    return tables;
  }

  private static String times(double times) {
    return String.format(Locale.ROOT, "%.2f", times);
  }
}
