package dev.narrows.experiments.sweep;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.report.QualityMeasure;
import dev.narrows.report.SweepAccuracy;
import dev.narrows.report.SweepPoint;
import dev.narrows.report.SweepResult;
import dev.narrows.report.SweepTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table of a sweep as an SQLite database: {@code trial}, with {@code trial_key} and {@code
 * trial_accuracy} by hash, and {@code point}, the means over seeds with the front marked. It is
 * written whole in one transaction, so a crash leaves the last complete state.
 */
public final class SweepStore {
  private static final List<String> TABLES =
      List.of(
          "sweep(name TEXT)",
          "trial(position INTEGER, hash TEXT PRIMARY KEY, label TEXT, seed INTEGER, status TEXT,"
              + " error TEXT, dataset TEXT, float_accuracy REAL, exact_accuracy REAL,"
              + " exact_validation REAL, certified_bits INTEGER, term_bits INTEGER, sparsity REAL,"
              + " compression REAL, seconds REAL, measure TEXT, images INTEGER,"
              + " validation_images INTEGER)",
          "trial_key(hash TEXT, position INTEGER, key TEXT, value TEXT)",
          "trial_accuracy(hash TEXT, position INTEGER, accumulator TEXT, bits INTEGER,"
              + " accuracy REAL, validation REAL, differing INTEGER)",
          "point(position INTEGER, label TEXT, keys TEXT, seeds INTEGER, way TEXT, bits INTEGER,"
              + " accuracy REAL, accuracy_min REAL, accuracy_max REAL, validation REAL,"
              + " validation_min REAL, validation_max REAL, front INTEGER)");

  private SweepStore() {}

  /** Replaces what a database holds; makes it if there is none. */
  public static void write(Path file, SweepResult result) throws IOException {
    try (Connection database = open(file)) {
      database.setAutoCommit(false);
      try (Statement statement = database.createStatement()) {
        for (String table : TABLES) {
          statement.execute("DROP TABLE IF EXISTS " + table.substring(0, table.indexOf('(')));
          statement.execute("CREATE TABLE " + table);
        }
      }
      insert(database, "sweep", result.name());
      int position = 0;
      for (SweepTrial trial : result.trials()) {
        insert(database, position++, trial);
      }
      position = 0;
      for (SweepPoint point : result.points()) {
        insert(
            database,
            "point",
            position++,
            point.label(),
            point.keys().toString(),
            point.seeds().size(),
            point.way(),
            point.bits(),
            point.accuracy().mean(),
            point.accuracy().min(),
            point.accuracy().max(),
            point.validation().mean(),
            point.validation().min(),
            point.validation().max(),
            point.front() ? 1 : 0);
      }
      database.commit();
    } catch (SQLException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static void insert(Connection database, int position, SweepTrial trial)
      throws SQLException {
    Optional<SweepTrial.TrialFigures> figures = trial.figures();
    insert(
        database,
        "trial",
        position,
        trial.hash(),
        trial.label(),
        trial.seed(),
        trial.status(),
        trial.error(),
        figures.map(SweepTrial.TrialFigures::dataset),
        figures.flatMap(SweepTrial.TrialFigures::floatAccuracy),
        figures.map(SweepTrial.TrialFigures::exactAccuracy),
        figures.map(SweepTrial.TrialFigures::exactValidation),
        figures.flatMap(SweepTrial.TrialFigures::certifiedBits),
        figures.flatMap(SweepTrial.TrialFigures::termBits),
        figures.map(SweepTrial.TrialFigures::sparsity),
        figures.flatMap(SweepTrial.TrialFigures::compression),
        figures.map(SweepTrial.TrialFigures::seconds),
        figures.flatMap(SweepTrial.TrialFigures::measure).map(QualityMeasure::word),
        figures.flatMap(SweepTrial.TrialFigures::images),
        figures.flatMap(SweepTrial.TrialFigures::validationImages));
    int i = 0;
    for (Map.Entry<String, String> key : trial.keys().entrySet()) {
      insert(database, "trial_key", trial.hash(), i++, key.getKey(), key.getValue());
    }
    i = 0;
    for (SweepAccuracy one : figures.map(SweepTrial.TrialFigures::accumulators).orElse(List.of())) {
      insert(
          database,
          "trial_accuracy",
          trial.hash(),
          i++,
          one.accumulator(),
          one.bits(),
          one.accuracy(),
          one.validation(),
          one.differing());
    }
  }

  private static void insert(Connection database, String table, Object... values)
      throws SQLException {
    String places = "?,".repeat(values.length);
    try (PreparedStatement statement =
        database.prepareStatement(
            "INSERT INTO %s VALUES (%s)"
                .formatted(table, places.substring(0, places.length() - 1)))) {
      for (int i = 0; i < values.length; i++) {
        Object value = values[i] instanceof Optional<?> optional ? sql(optional) : values[i];
        if (value == ABSENT) {
          statement.setNull(i + 1, java.sql.Types.NULL);
        } else {
          statement.setObject(i + 1, value);
        }
      }
      statement.executeUpdate();
    }
  }

  private static final Object ABSENT = new Object();

  private static Object sql(Optional<?> value) {
    return value.isPresent() ? value.get() : ABSENT;
  }

  /**
   * The trials of a database, in their order.
   *
   * @throws BadInputException if it is missing or not a sweep's
   */
  public static SweepResult read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.in(file, "no such file: expected the database of a sweep");
    }
    try (Connection database = open(file)) {
      String name = "";
      List<SweepTrial> trials = new ArrayList<>();
      try (Statement statement = database.createStatement()) {
        try (ResultSet row = statement.executeQuery("SELECT name FROM sweep")) {
          name = row.next() ? row.getString(1) : name;
        }
        try (ResultSet row = statement.executeQuery("SELECT * FROM trial ORDER BY position")) {
          while (row.next()) {
            trials.add(trial(database, row));
          }
        }
      }
      return SweepSummary.of(name, trials);
    } catch (SQLException e) {
      throw new BadInputException(
          file + ": not the database of a sweep: " + String.valueOf(e.getMessage()), e);
    }
  }

  private static SweepTrial trial(Connection database, ResultSet row) throws SQLException {
    String hash = row.getString("hash");
    Optional<String> dataset = Optional.ofNullable(row.getString("dataset"));
    Optional<SweepTrial.TrialFigures> figures = Optional.empty();
    if (dataset.isPresent()) {
      figures =
          Optional.of(
              new SweepTrial.TrialFigures(
                  dataset.get(),
                  number(row, "float_accuracy"),
                  row.getDouble("exact_accuracy"),
                  row.getDouble("exact_validation"),
                  accuracies(database, hash),
                  number(row, "certified_bits").map(Double::intValue),
                  number(row, "term_bits").map(Double::intValue),
                  row.getDouble("sparsity"),
                  number(row, "compression"),
                  row.getDouble("seconds"),
                  measure(row),
                  images(row, "images"),
                  images(row, "validation_images")));
    }
    return new SweepTrial(
        row.getString("label"),
        keys(database, hash),
        row.getLong("seed"),
        hash,
        row.getString("status"),
        Optional.ofNullable(row.getString("error")),
        figures);
  }

  /** Databases of older versions have no such column: they hold accuracies. */
  private static Optional<QualityMeasure> measure(ResultSet row) throws SQLException {
    return has(row, "measure")
        ? Optional.ofNullable(row.getString("measure")).map(QualityMeasure::of)
        : Optional.empty();
  }

  /** Databases of older versions do not tell. */
  private static Optional<Integer> images(ResultSet row, String column) throws SQLException {
    return has(row, column) ? number(row, column).map(Double::intValue) : Optional.empty();
  }

  private static boolean has(ResultSet row, String column) throws SQLException {
    ResultSetMetaData columns = row.getMetaData();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      if (columns.getColumnName(i).equals(column)) {
        return true;
      }
    }
    return false;
  }

  private static Optional<Double> number(ResultSet row, String column) throws SQLException {
    double value = row.getDouble(column);
    return row.wasNull() ? Optional.empty() : Optional.of(value);
  }

  private static Map<String, String> keys(Connection database, String hash) throws SQLException {
    Map<String, String> keys = new LinkedHashMap<>();
    try (PreparedStatement statement =
        database.prepareStatement(
            "SELECT key, value FROM trial_key WHERE hash = ? ORDER BY position")) {
      statement.setString(1, hash);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          keys.put(row.getString(1), row.getString(2));
        }
      }
    }
    return keys;
  }

  private static List<SweepAccuracy> accuracies(Connection database, String hash)
      throws SQLException {
    List<SweepAccuracy> accuracies = new ArrayList<>();
    try (PreparedStatement statement =
        database.prepareStatement(
            "SELECT accumulator, bits, accuracy, validation, differing FROM trial_accuracy"
                + " WHERE hash = ? ORDER BY position")) {
      statement.setString(1, hash);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          accuracies.add(
              new SweepAccuracy(
                  row.getString(1),
                  row.getInt(2),
                  row.getDouble(3),
                  row.getDouble(4),
                  row.getInt(5)));
        }
      }
    }
    return accuracies;
  }

  private static Connection open(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
  }
}
