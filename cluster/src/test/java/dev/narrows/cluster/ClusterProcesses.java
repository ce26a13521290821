package dev.narrows.cluster;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A standalone Spark cluster as processes on this machine's loopback, from the jars of this test's
 * own class path: a master, and workers with one core each.
 */
final class ClusterProcesses implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final Path folder;
  private final Path settings;
  private final int port;
  private final List<Process> all = new ArrayList<>();
  private final List<Process> workers = new ArrayList<>();

  private ClusterProcesses(Path folder, Map<String, String> settings) throws IOException {
    this.folder = folder;
    this.settings = folder.resolve("spark.conf");
    List<String> lines = new ArrayList<>();
    settings.forEach((key, value) -> lines.add(key + " " + value));
    Files.write(this.settings, lines);
    Path jars = Files.createDirectories(folder.resolve("jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path jar = Path.of(entry).toAbsolutePath();
      String name = String.valueOf(jar.getFileName());
      if (name.endsWith(".jar") && !ours(name)) { // those come from the driver
        Path link = jars.resolve(name);
        if (!Files.exists(link)) {
          Files.createSymbolicLink(link, jar);
        }
      }
    }
    Files.writeString(folder.resolve("RELEASE"), "Spark\n");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      port = free.getLocalPort();
    }
  }

  private static boolean ours(String name) {
    return name.startsWith("narrows-")
        || name.startsWith("protobuf-java")
        || name.startsWith("jackson-databind-3")
        || name.startsWith("jackson-core-3");
  }

  /**
   * Starts a cluster and waits for its master.
   *
   * @param settings of all its processes
   */
  static ClusterProcesses start(Path folder, int workers, Map<String, String> settings)
      throws IOException, InterruptedException {
    ClusterProcesses cluster = new ClusterProcesses(folder, settings);
    try {
      cluster.process(
          "master",
          "org.apache.spark.deploy.master.Master",
          "--host",
          HOST,
          "--port",
          String.valueOf(cluster.port),
          "--webui-port",
          "0");
      for (int i = 0; i < workers; i++) {
        cluster.worker();
      }
      cluster.awaitMaster();
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  /** One more worker. */
  void worker() throws IOException {
    workers.add(
        process(
            "worker-" + workers.size(),
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            HOST,
            "--cores",
            "1",
            "--memory",
            "1g",
            "--webui-port",
            "0",
            "--work-dir",
            Files.createDirectories(folder.resolve("work-" + workers.size())).toString(),
            master()));
  }

  private Process process(String name, String main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", folder.resolve("jars") + "/*", main));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--properties-file", settings.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", folder.toString());
    builder.environment().put("SPARK_LOCAL_IP", HOST);
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.redirectErrorStream(true);
    builder.redirectOutput(folder.resolve(name + ".log").toFile());
    Process process = builder.start();
    all.add(process);
    return process;
  }

  private void awaitMaster() throws InterruptedException, IOException {
    for (int i = 0; i < 1200; i++) {
      try (Socket socket = new Socket(HOST, port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException notYet) {
        Thread.sleep(100);
      }
    }
    throw new IOException("the master did not start: " + logs());
  }

  /** Its address. */
  String master() {
    return "spark://" + HOST + ":" + port;
  }

  /** What a worker has started, and what that has. */
  List<ProcessHandle> descendants(int worker) {
    return workers.get(worker).descendants().toList();
  }

  /** Ends a worker and its executors as a power cut would: SIGKILL. */
  void kill(int worker) {
    Process process = workers.get(worker);
    List<ProcessHandle> executors = process.descendants().toList();
    process.destroyForcibly();
    executors.forEach(ProcessHandle::destroyForcibly);
  }

  /** Everything that its processes and their executors wrote. */
  String logs() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".log") || name.equals("stderr") || name.equals("stdout")) {
          text.append(Files.readString(file, StandardCharsets.UTF_8));
        }
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    List<ProcessHandle> executors = all.stream().flatMap(process -> process.descendants()).toList();
    all.forEach(Process::destroyForcibly);
    executors.forEach(ProcessHandle::destroyForcibly);
    for (Process process : all) {
      try {
        process.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
