package org.cairnfs.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this program. */
public final class Version {
    private static final String POM = "/META-INF/maven/org.cairnfs/cairn-server/pom.properties";

    private Version() {}

    /** As the build says; "development" when run from class files. */
    public static String text() {
        try (InputStream in = Version.class.getResourceAsStream(POM)) {
            if (in == null) {
                return "development";
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException("the program's own archive cannot be read", e);
        }
    }
}
