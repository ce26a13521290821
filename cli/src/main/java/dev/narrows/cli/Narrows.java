package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The main class: finds the command, runs it, turns what went wrong into a line and a code. */
@Command(
    name = "narrows",
    description = "Finds, proves and trains the narrowest accumulator a neural network can run on.",
    mixinStandardHelpOptions = true,
    versionProvider = Narrows.Version.class,
    scope = ScopeType.INHERIT,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed",
      "2:bad usage or bad input",
      "3:the asked guarantee does not hold",
      "130:interrupted"
    })
public final class Narrows {
  private static final List<Class<?>> COMMANDS =
      List.of(
          DemoCommand.class,
          TrainCommand.class,
          QuantizeCommand.class,
          SweepCommand.class,
          AnalyzeCommand.class,
          EvaluateCommand.class,
          NarrowCommand.class,
          RunCommand.class,
          CertifyCommand.class,
          VerifyCommand.class,
          RepairCommand.class,
          LanesCommand.class,
          ExportCommand.class,
          CostCommand.class,
          ReproduceCommand.class,
          BenchCommand.class,
          ReportCommand.class,
          DataCommand.class,
          DoctorCommand.class,
          CompletionCommand.class,
          ManCommand.class,
          TestCommand.class,
          PackageCommand.class,
          WorkerCommand.class);

  /** Commands that tell of every command's options. */
  private static final Set<String> ABOUT_ALL = Set.of("completion", "man");

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description =
          "Tell more: every table and every row, what decided the dot products of an evaluation, and"
              + " where in the program an error arose.")
  private boolean verbose;

  private final Terminal terminal;
  private final List<String> arguments;

  private Narrows(Terminal terminal, List<String> arguments) {
    this.terminal = terminal;
    this.arguments = arguments;
  }

  /** Whether the user asked to be told more. */
  boolean verbose() {
    return verbose;
  }

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(run(Terminal.ofProcess(), args));
  }

  /** Runs one command on the given streams and returns its exit code. */
  public static int run(Terminal streams, String... args) {
    Terminal terminal = streams.telling(List.of(args).contains("--verbose"));
    Narrows narrows = new Narrows(terminal, List.of(args));
    CommandLine line = narrows.commandLine();
    if (args.length == 0) {
      line.usage(terminal.err());
      return ExitCode.BAD_INPUT;
    }
    try {
      return line.execute(args);
    } catch (Error e) { // out of memory above all
      return narrows.failed(e);
    }
  }

  /** Every command, as it is typed. */
  static CommandLine commandLine(Terminal terminal, String... args) {
    return new Narrows(terminal, List.of(args)).commandLine();
  }

  private CommandLine commandLine() {
    Commands factory = new Commands(terminal, arguments);
    CommandLine line = new CommandLine(this, factory);
    addCommands(line, factory, arguments);
    line.setResourceBundle(new HelpTexts());
    line.setHelpFactory(new HelpLayout());
    line.setUsageHelpAutoWidth(terminal.interactive());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            terminal.interactive() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setParameterExceptionHandler(this::badUsage);
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(e));
    return line;
  }

  /**
   * Adds the command that was typed, whole; of the others, which are only listed, names and
   * descriptions: to read all their options takes longer than many a command. Those that are about
   * all commands get all of them whole.
   */
  private static void addCommands(CommandLine line, Commands factory, List<String> words) {
    Optional<String> typed = words.stream().filter(word -> !word.startsWith("-")).findFirst();
    boolean all = typed.filter(ABOUT_ALL::contains).isPresent();
    for (Class<?> type : COMMANDS) {
      Command command = type.getAnnotation(Command.class);
      if (all || typed.equals(Optional.of(command.name()))) {
        line.addSubcommand(new CommandLine(type, factory));
      } else {
        CommandSpec listed = CommandSpec.create().name(command.name());
        listed.usageMessage().description(command.description()).hidden(command.hidden());
        line.addSubcommand(command.name(), listed);
      }
    }
  }

  private int badUsage(ParameterException e, String[] args) {
    terminal.note(
        "narrows: "
            + UsageProblem.of(e)
            + NearWords.question(e)
            + "; see "
            + e.getCommandLine().getCommandSpec().qualifiedName()
            + " --help");
    return ExitCode.BAD_INPUT;
  }

  private int failed(Throwable thrown) {
    Failure failure = Failure.of(thrown);
    if (failure.exitCode() == ExitCode.NEEDS_RUNTIME) {
      return failure.exitCode(); // the launcher builds it and starts again
    }
    terminal.note("narrows: " + failure.line());
    if (verbose) {
      thrown.printStackTrace(terminal.err());
    }
    return failure.exitCode();
  }

  /** The version that a release's launcher says; of a checkout it is not settled yet. */
  static String version() {
    return System.getProperty("narrows.version", "0.1.0-SNAPSHOT");
  }

  /** Prints the version of this build. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"narrows " + version()};
    }
  }
}
