package org.cairnfs.core.metadata.h2;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The tables, by version: {@code schema-N.sql} leads from version N - 1 to N. The columns are explained there.
 *
 * <p>A migration runs statement by statement and is not atomic (DDL commits); the version is written last, and a database that
 * was left in between is discarded and rebuilt, as any damaged one.
 */
final class Schema {
    /** The version that this program works with. */
    static final int VERSION = 5;

    private Schema() {}

    /**
     * Brings a database to {@link #VERSION}.
     *
     * @throws DatabaseDamagedException if it is newer, or was left half-made
     */
    static void migrate(Connection connection) throws SQLException, DatabaseDamagedException {
        int present = version(connection);
        if (present > VERSION) {
            throw new DatabaseDamagedException(
                    "schema version " + present + " is newer than this program's " + VERSION, null);
        }
        for (int next = present + 1; next <= VERSION; next++) {
            try (Statement statement = connection.createStatement()) {
                if (next == 1) {
                    statement.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)");
                }
                for (String sql : statements(next)) {
                    statement.execute(sql);
                }
                statement.execute("DELETE FROM schema_version");
                statement.execute("INSERT INTO schema_version VALUES (" + next + ")");
            }
        }
    }

    private static int version(Connection connection) throws SQLException, DatabaseDamagedException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet tables = statement.executeQuery(
                    "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'PUBLIC'")) {
                tables.next();
                if (tables.getLong(1) == 0) {
                    return 0;
                }
            }
            try (ResultSet result = statement.executeQuery("SELECT version FROM schema_version")) {
                if (!result.next()) {
                    throw new DatabaseDamagedException("its schema was not finished", null);
                }
                return result.getInt(1);
            }
        }
    }

    /** The statements of a version's file: comments go, semicolons part. */
    private static List<String> statements(int version) {
        String name = "schema-" + version + ".sql";
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.contains("--") ? line.substring(0, line.indexOf("--")) : line)
                    .collect(Collectors.joining("\n"));
            return Arrays.stream(text.split(";", -1))
                    .map(String::strip)
                    .filter(sql -> !sql.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("the program lacks its resource " + name, e);
        }
    }
}
