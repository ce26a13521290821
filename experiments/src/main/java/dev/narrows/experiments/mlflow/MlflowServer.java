package dev.narrows.experiments.mlflow;

import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The REST interface of an MLflow tracking server, version 2.0 or later, as far as runs need it.
 *
 * @see <a href="https://mlflow.org/docs/latest/api_reference/rest-api.html">MLflow's REST API</a>
 */
final class MlflowServer {
  private static final int OLDEST = 2;
  private static final String API = "/api/2.0/mlflow/";
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** The most that servers take in one request. */
  private static final int METRICS_AT_ONCE = 1000;

  private static final int OTHERS_AT_ONCE = 100;
  private static final int LONGEST_REASON = 200;

  private final String address;
  private final Optional<String> authorization;
  private final HttpClient client = client();

  /**
   * A server; nothing is sent yet.
   *
   * @param address http or https, a path of its own allowed
   * @param environment MLflow's variables for users, passwords and tokens
   */
  MlflowServer(URI address, Map<String, String> environment) {
    this.address = address.toString().replaceAll("/+$", "");
    this.authorization = authorization(environment);
  }

  private static Optional<String> authorization(Map<String, String> environment) {
    Optional<String> token = Optional.ofNullable(environment.get("MLFLOW_TRACKING_TOKEN"));
    if (token.isPresent()) {
      return Optional.of("Bearer " + token.get());
    }
    return Optional.ofNullable(environment.get("MLFLOW_TRACKING_USERNAME"))
        .map(user -> user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", ""))
        .map(pair ->
            "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  String address() {
    return address;
  }

  /**
   * Asks the server who it is.
   *
   * @throws MlflowException if it is none, or older than 2.0
   */
  void check() throws IOException {
    String version = send("version", get("/version")).strip();
    if (!version.matches("\\d+\\.\\d+.{0,30}")) {
      throw new MlflowException(0, "what answers there is no MLflow server");
    }
    if (Integer.parseInt(version.substring(0, version.indexOf('.'))) < OLDEST) {
      throw new MlflowException(
          0, "the server is MLflow %s, too old: 2.0 is needed".formatted(version));
    }
  }

  /** The experiment of that name, which is made if it does not exist. */
  String experiment(String name) throws IOException {
    String question = "experiments/get-by-name?experiment_name=" + encoded(name);
    Map<String, Object> found;
    try {
      found = object(question, get(API + question));
    } catch (MlflowException e) {
      if (e.status() != 404) {
        throw e;
      }
      return create(name);
    }
    Map<String, Object> experiment = map(found.get("experiment"));
    if ("deleted".equals(experiment.get("lifecycle_stage"))) {
      throw new MlflowException(
          0, "its experiment \"%s\" is deleted: restore it, or name another".formatted(name));
    }
    return text(experiment, "experiment_id");
  }

  private String create(String name) throws IOException {
    return text(post("experiments/create", Map.of("name", name)), "experiment_id");
  }

  /** Makes a run, which is at work from then on; returns its id. */
  String createRun(String experiment, String name, long start, Map<String, String> tags)
      throws IOException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("experiment_id", experiment);
    body.put("run_name", name);
    body.put("start_time", start);
    body.put("tags", pairs(tags));
    return text(map(map(post("runs/create", body).get("run")).get("info")), "run_id");
  }

  /** What is known of a run; empty if the server has none of this name, or it was deleted. */
  Optional<MlflowRunState> run(String id) throws IOException {
    Map<String, Object> answer;
    try {
      String question = "runs/get?run_id=" + encoded(id);
      answer = object(question, get(API + question));
    } catch (MlflowException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
    Map<String, Object> info = map(map(answer.get("run")).get("info"));
    Map<String, Object> data = map(map(answer.get("run")).get("data"));
    if ("deleted".equals(info.get("lifecycle_stage"))) {
      return Optional.empty();
    }
    return Optional.of(
        new MlflowRunState(
            id,
            text(info, "status"),
            Long.parseLong(text(info, "start_time")),
            String.valueOf(info.getOrDefault("artifact_uri", "")),
            keys(data.get("params")),
            keys(data.get("metrics"))));
  }

  private static Set<String> keys(@Nullable Object list) {
    return list(list).stream()
        .map(one -> String.valueOf(map(one).get("key")))
        .collect(Collectors.toSet());
  }

  /** The steps at which a run has values of a metric. */
  Set<Long> steps(String id, String key) throws IOException {
    Set<Long> steps = new HashSet<>();
    String page = "";
    do {
      String question =
          "metrics/get-history?run_id=" + encoded(id) + "&metric_key=" + encoded(key) + page;
      Map<String, Object> answer = object(question, get(API + question));
      for (Object metric : list(answer.get("metrics"))) {
        steps.add(Long.parseLong(String.valueOf(map(metric).getOrDefault("step", 0))));
      }
      String next = String.valueOf(answer.getOrDefault("next_page_token", ""));
      page = next.isEmpty() ? "" : "&page_token=" + encoded(next);
    } while (!page.isEmpty());
    return steps;
  }

  /** Adds metrics, parameters and tags to a run; tags replace those of the same name. */
  void log(
      String id,
      List<MetricValue> metrics,
      Map<String, String> parameters,
      Map<String, String> tags)
      throws IOException {
    for (List<MetricValue> some : parts(metrics, METRICS_AT_ONCE)) {
      batch(id, "metrics", some.stream().map(MlflowServer::json).toList());
    }
    for (List<Map<String, String>> some : parts(pairs(parameters), OTHERS_AT_ONCE)) {
      batch(id, "params", some);
    }
    for (List<Map<String, String>> some : parts(pairs(tags), OTHERS_AT_ONCE)) {
      batch(id, "tags", some);
    }
  }

  private void batch(String id, String what, List<? extends Map<String, ?>> rows)
      throws IOException {
    post("runs/log-batch", Map.of("run_id", id, what, rows));
  }

  private static Map<String, Object> json(MetricValue metric) {
    return Map.of(
        "key", metric.key(),
        "value", metric.value(),
        "step", metric.step(),
        "timestamp", metric.millis());
  }

  /** Says how a run stands; {@code end} in milliseconds since 1970, ignored while it is at work. */
  void status(String id, RunStatus status, long end) throws IOException {
    Map<String, Object> body = new LinkedHashMap<>(Map.of("run_id", id, "status", status.name()));
    if (status != RunStatus.RUNNING) {
      body.put("end_time", end);
    }
    post("runs/update", body);
  }

  /**
   * Stores a file with a run, if the server takes files itself.
   *
   * @param artifacts the run's, as the server gave it
   * @return false if the server keeps files in a place of others, which it does not open to us
   */
  boolean upload(String artifacts, String name, Path file) throws IOException {
    String scheme = "mlflow-artifacts:";
    if (!artifacts.startsWith(scheme)) {
      return false;
    }
    // mlflow-artifacts:/1/ID/artifacts, or mlflow-artifacts://HOST/1/ID/artifacts
    String path = URI.create(artifacts).getPath().replaceAll("^/+|/+$", "");
    HttpRequest.Builder request =
        request("/api/2.0/mlflow-artifacts/artifacts/" + path + "/" + encoded(name))
            .timeout(Duration.ofMinutes(2))
            .header("Content-Type", "application/octet-stream")
            .PUT(HttpRequest.BodyPublishers.ofFile(file));
    send("a file", request);
    return true;
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path)).timeout(ANSWER);
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  private HttpRequest.Builder get(String path) {
    return request(path).GET();
  }

  private Map<String, Object> post(String call, Map<String, ?> body) throws IOException {
    return object(
        call,
        request(API + call)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(ResultJson.write(body))));
  }

  private Map<String, Object> object(String call, HttpRequest.Builder request) throws IOException {
    String answer = send(call, request);
    try {
      return answer.isBlank() ? Map.of() : ResultJson.readMap("answer", answer);
    } catch (IllegalArgumentException e) {
      throw new MlflowException("what answers there is no MLflow server", e);
    }
  }

  private String send(String call, HttpRequest.Builder request) throws IOException {
    HttpResponse<String> response;
    try {
      response = answer(request.build());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new MlflowException(e instanceof ConnectException ? "no server answers there" : why, e);
    }
    int status = response.statusCode();
    if (status == 401 || status == 403) {
      throw new MlflowException(
          status,
          "the server wants to know who asks (%d): set MLFLOW_TRACKING_USERNAME and _PASSWORD, or _TOKEN"
              .formatted(status));
    }
    if (status != 200) {
      throw new MlflowException(
          status,
          "%s: the server answered %d%s"
              .formatted(call.replaceFirst("\\?.*", ""), status, reason(response.body())));
    }
    return response.body();
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT)
        .followRedirects(HttpClient.Redirect.NORMAL)
        .build();
  }

  /**
   * Servers close connections that were idle for seconds, perhaps while a request is on its way.
   * The request is then sent again on a new one: others that the client keeps may be closed, too.
   */
  private HttpResponse<String> answer(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (ConnectException | HttpTimeoutException e) {
      throw e;
    } catch (IOException closed) {
      try (HttpClient fresh = client()) {
        return fresh.send(request, HttpResponse.BodyHandlers.ofString());
      }
    }
  }

  /** What the server says of a refusal, in one line. */
  private static String reason(String body) {
    try {
      String message =
          String.valueOf(ResultJson.readMap("answer", body).getOrDefault("message", ""));
      String line = message.strip().replaceAll("\\s+", " ");
      return line.isEmpty()
          ? ""
          : ", " + line.substring(0, Math.min(line.length(), LONGEST_REASON));
    } catch (IllegalArgumentException noJson) {
      return "";
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static List<Map<String, String>> pairs(Map<String, String> map) {
    return map.entrySet().stream()
        .map(entry -> Map.of("key", entry.getKey(), "value", entry.getValue()))
        .toList();
  }

  private static <T> List<List<T>> parts(List<T> all, int size) {
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      parts.add(all.subList(from, Math.min(from + size, all.size())));
    }
    return parts;
  }

  private static String text(Map<String, Object> object, String key) throws MlflowException {
    Object value = object.get(key);
    if (value == null) {
      throw new MlflowException(0, "the server's answer has no \"%s\"".formatted(key));
    }
    return String.valueOf(value);
  }

  @SuppressWarnings("unchecked") // keys of JSON objects are texts
  private static Map<String, Object> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
