package dev.narrows.cluster;

import dev.narrows.experiments.cluster.ClusterException;
import dev.narrows.experiments.input.BadInputException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code --master} names.
 *
 * @param text as the user wrote it
 * @param hosts of a standalone cluster, host and port each; empty for all other masters
 */
record MasterAddress(String text, List<InetSocketAddress> hosts) {
  private static final Pattern LOCAL = Pattern.compile("local(\\[(\\d{1,4}|\\*)(,\\d{1,4})?])?");
  private static final Pattern HOST =
      Pattern.compile("([^,:/\\s\\[\\]]+|\\[[0-9a-fA-F:]+]):(\\d{1,5})");
  private static final String STANDALONE = "spark://";

  /**
   * Reads it.
   *
   * @throws BadInputException if it is no master
   */
  static MasterAddress parse(String text) {
    if (text.startsWith(STANDALONE)) {
      List<InetSocketAddress> hosts = new ArrayList<>();
      for (String part : text.substring(STANDALONE.length()).split(",", -1)) {
        Matcher host = HOST.matcher(part);
        int port = host.matches() ? Integer.parseInt(host.group(2)) : 0;
        if (port < 1 || port > 65_535) {
          throw wrong(text);
        }
        hosts.add(InetSocketAddress.createUnresolved(host.group(1), port));
      }
      return new MasterAddress(text, hosts);
    }
    if (!LOCAL.matcher(text).matches() && !text.equals("yarn") && !text.startsWith("k8s://")) {
      throw wrong(text);
    }
    return new MasterAddress(text, List.of());
  }

  private static BadInputException wrong(String text) {
    return new BadInputException(
        "--master: expected spark://HOST:PORT, local[N], yarn or k8s://…, found \"" + text + '"');
  }

  /** Whether all of it is threads of this process. */
  boolean local() {
    return text.startsWith("local");
  }

  /** Whether all of it is on this machine. */
  boolean loopback() {
    return local()
        || !hosts.isEmpty()
            && hosts.stream()
                .map(InetSocketAddress::getHostString)
                .allMatch(host -> host.startsWith("127.") || host.equals("localhost"));
  }

  /**
   * Waits until one of the hosts takes a connection: Spark itself would try for a minute.
   *
   * @throws ClusterException if none does in time
   */
  void requireAnswer(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    String why = "";
    while (!hosts.isEmpty()) {
      for (InetSocketAddress host : hosts) {
        try (Socket socket = new Socket()) {
          int left = (int) Math.max(1, (end - System.nanoTime()) / 1_000_000);
          socket.connect(new InetSocketAddress(host.getHostString(), host.getPort()), left);
          return;
        } catch (IOException e) {
          why = String.valueOf(e.getMessage());
        }
      }
      if (System.nanoTime() >= end) {
        throw new ClusterException(
            "--master: %s does not answer, tried for %d s (%s)"
                .formatted(text, timeout.toSeconds(), why));
      }
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClusterException("interrupted while waiting for " + text, e);
      }
    }
  }
}
