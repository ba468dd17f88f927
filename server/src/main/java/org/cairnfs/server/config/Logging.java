package org.cairnfs.server.config;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.slf4j.LoggerFactory;

/**
 * Where a server's log goes: structured JSON to {@code log/} in the state directory, rotated; in the foreground, lines for
 * people to stderr as well. Both as {@code config/logging.xml} says, which is part of the program; logback's own
 * {@code -Dlogback.configurationFile=F} takes its place.
 */
public final class Logging {
    private static final String RESOURCE = "/logging.xml";

    private Logging() {}

    /**
     * Begins the log of a server.
     *
     * @param level a name that logback knows
     * @param console whether to write to stderr, too
     */
    public static void start(Path stateDirectory, String level, boolean console) throws CairnException {
        if (System.getProperty("logback.configurationFile") != null) {
            return;
        }
        URL configuration = Objects.requireNonNull(Logging.class.getResource(RESOURCE), RESOURCE);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        context.putProperty("cairn.log.directory", stateDirectory.resolve("log").toString());
        context.putProperty("cairn.log.level", level);
        context.putProperty("cairn.log.console", console ? level : "OFF");
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(configuration);
        } catch (JoranException e) {
            throw new CairnException(ExitCode.INTERNAL, "the log cannot be set up", "", e);
        }
    }

    /** Writes what is buffered and closes the files. */
    public static void stop() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
