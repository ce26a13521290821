package dev.narrows.cluster;

import dev.narrows.cli.Narrows;
import dev.narrows.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One command run in this process, and what it said. */
record Commanded(int exitCode, String out, String err) {
  static Commanded by(Object... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Narrows.run(
            new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false),
            Arrays.stream(words).map(Object::toString).toArray(String[]::new));
    return new Commanded(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
