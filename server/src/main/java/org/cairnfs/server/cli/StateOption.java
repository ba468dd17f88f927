package org.cairnfs.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.admin.AdminClient;
import org.cairnfs.server.admin.Messages;
import org.cairnfs.server.admin.RunRegistry;
import picocli.CommandLine.Option;

/** Which server a command speaks to, and how it is asked. */
final class StateOption {
    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "State directory of the server to speak to (default: the only one running).")
    private Path state;

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    boolean isJson() {
        return json;
    }

    /** The directory, if it was named. */
    Optional<Path> given(Session session) {
        return Optional.ofNullable(state).map(session.workingDirectory()::resolve);
    }

    Path directory(Session session) throws CairnException {
        return state == null
                ? new RunRegistry(session.directories().runs()).onlyOne()
                : session.workingDirectory().resolve(state);
    }

    /** Asks the server, shows its progress, and gives the answer. */
    JsonNode ask(Session session, String operation, ObjectNode arguments) throws CairnException {
        return ask(session, operation, arguments, part -> {});
    }

    /** The same, of what tells a part of its answer after the other. */
    JsonNode ask(Session session, String operation, ObjectNode arguments, AdminClient.PartReader parts)
            throws CairnException {
        try (AdminClient client = AdminClient.connect(directory(session));
                ProgressDisplay progress = new ProgressDisplay(session)) {
            return client.call(operation, arguments, progress, parts);
        } catch (IOException e) {
            throw new CairnException(ExitCode.SERVER_NOT_ANSWERING, "the connection to the server broke", "", e);
        }
    }

    JsonNode ask(Session session, String operation) throws CairnException {
        return ask(session, operation, JsonNodeFactory.instance.objectNode());
    }

    /** An answer as a value. */
    static <T> T read(JsonNode answer, Class<T> type) throws CairnException {
        try {
            return Messages.json().treeToValue(answer, type);
        } catch (JsonProcessingException e) {
            throw new CairnException(
                    ExitCode.SERVER_NOT_ANSWERING,
                    "the server answered something else than asked for",
                    "use the cairn command of the version that runs the server",
                    e);
        }
    }
}
