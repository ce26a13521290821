package dev.narrows.experiments.mlflow;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What of a tracking server a sink needs, in memory. The real one is asked by {@code
 * interop/mlflow/check.sh}; this one can be told to fail.
 */
final class StandInMlflow implements AutoCloseable {
  private final HttpServer server;

  /** Run id → what was sent, in its order. */
  final Map<String, List<String>> metrics = new LinkedHashMap<>();

  final Map<String, Map<String, String>> parameters = new LinkedHashMap<>();
  final Map<String, Map<String, String>> tags = new LinkedHashMap<>();
  final Map<String, String> statuses = new LinkedHashMap<>();
  final Map<String, String> files = new LinkedHashMap<>();
  final List<String> experiments = new ArrayList<>();
  volatile String version = "3.17.2";
  volatile boolean broken;

  StandInMlflow() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = exchange.getRequestURI().getPath();
      String query = String.valueOf(exchange.getRequestURI().getQuery());
      if (broken) {
        say(exchange, 500, "{\"message\": \"the store is gone\"}");
      } else if (path.equals("/version")) {
        say(exchange, 200, version);
      } else if (path.startsWith("/api/2.0/mlflow-artifacts/artifacts/")) {
        files.put(path.substring("/api/2.0/mlflow-artifacts/artifacts/".length()), body);
        say(exchange, 200, "{}");
      } else if (path.startsWith("/api/2.0/mlflow/")) {
        call(exchange, path.substring("/api/2.0/mlflow/".length()), query, body);
      } else {
        say(exchange, 404, "<html>nothing</html>");
      }
    }
  }

  private void call(HttpExchange exchange, String call, String query, String body)
      throws IOException {
    Map<String, Object> asked = body.isEmpty() ? Map.of() : ResultJson.readMap("body", body);
    String id = body.isEmpty() ? value(query, "run_id") : String.valueOf(asked.get("run_id"));
    switch (call) {
      case "experiments/get-by-name" -> {
        int at = experiments.indexOf(value(query, "experiment_name"));
        say(
            exchange,
            at < 0 ? 404 : 200,
            at < 0
                ? ""
                : "{\"experiment\": {\"experiment_id\": \"%d\", \"lifecycle_stage\": \"active\"}}"
                    .formatted(at));
      }
      case "experiments/create" -> {
        experiments.add(String.valueOf(asked.get("name")));
        say(exchange, 200, "{\"experiment_id\": \"%d\"}".formatted(experiments.size() - 1));
      }
      case "runs/create" -> {
        String made = "run" + metrics.size();
        metrics.put(made, new ArrayList<>());
        parameters.put(made, new LinkedHashMap<>());
        tags.put(made, new LinkedHashMap<>(pairs(asked.get("tags"))));
        tags.get(made).put("mlflow.runName", String.valueOf(asked.get("run_name")));
        statuses.put(made, "RUNNING");
        say(exchange, 200, run(made));
      }
      case "runs/get" ->
          say(
              exchange,
              metrics.containsKey(id) ? 200 : 404,
              metrics.containsKey(id) ? run(id) : "");
      case "runs/update" -> {
        statuses.put(id, String.valueOf(asked.get("status")));
        say(exchange, 200, "{}");
      }
      case "metrics/get-history" -> say(exchange, 200, history(id, value(query, "metric_key")));
      case "runs/log-batch" -> log(exchange, id, asked);
      default -> say(exchange, 404, "");
    }
  }

  private void log(HttpExchange exchange, String id, Map<String, Object> asked) throws IOException {
    for (Map.Entry<String, String> one : pairs(asked.get("params")).entrySet()) {
      String before = known(parameters, id).putIfAbsent(one.getKey(), one.getValue());
      if (before != null && !before.equals(one.getValue())) {
        say(exchange, 400, "{\"message\": \"Changing param values is not allowed\"}");
        return;
      }
    }
    known(tags, id).putAll(pairs(asked.get("tags")));
    for (Map<?, ?> metric : rows(asked.get("metrics"))) {
      known(metrics, id)
          .add("%s@%s=%s".formatted(metric.get("key"), metric.get("step"), metric.get("value")));
    }
    say(exchange, 200, "{}");
  }

  private static <T> T known(Map<String, T> runs, String id) {
    return Objects.requireNonNull(runs.get(id), id);
  }

  private String history(String id, String key) {
    List<Map<String, Object>> rows =
        known(metrics, id).stream()
            .filter(row -> row.startsWith(key + "@"))
            .<Map<String, Object>>map(row ->
                Map.of(
                    "key",
                    key,
                    "step",
                    Integer.parseInt(row.substring(key.length() + 1, row.indexOf('=')))))
            .toList();
    return ResultJson.write(Map.of("metrics", rows));
  }

  private String run(String id) {
    return ResultJson.write(
        Map.of(
            "run",
            Map.of(
                "info",
                Map.of(
                    "run_id",
                    id,
                    "status",
                    statuses.get(id),
                    "start_time",
                    1000,
                    "lifecycle_stage",
                    "active",
                    "artifact_uri",
                    "mlflow-artifacts:/0/" + id + "/artifacts"),
                "data",
                Map.of(
                    "params",
                    known(parameters, id).keySet().stream().map(key -> Map.of("key", key)).toList(),
                    "metrics",
                    known(metrics, id).stream()
                        .map(row -> Map.of("key", row.substring(0, row.indexOf('@'))))
                        .distinct()
                        .toList()))));
  }

  private static String value(String query, String key) {
    for (String part : query.split("&")) {
      if (part.startsWith(key + "=")) {
        return URLDecoder.decode(part.substring(key.length() + 1), StandardCharsets.UTF_8);
      }
    }
    return "";
  }

  private static List<Map<?, ?>> rows(@Nullable Object list) {
    List<Map<?, ?>> rows = new ArrayList<>();
    if (list instanceof List<?> all) {
      all.forEach(one -> rows.add((Map<?, ?>) one));
    }
    return rows;
  }

  private static Map<String, String> pairs(@Nullable Object list) {
    Map<String, String> pairs = new LinkedHashMap<>();
    rows(list)
        .forEach(
            row -> pairs.put(String.valueOf(row.get("key")), String.valueOf(row.get("value"))));
    return pairs;
  }

  private static void say(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
