package org.cairnfs.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.admin.Messages.Answer;

/** A command's end of the admin channel: one connection, one call at a time. For one thread. */
public final class AdminClient implements AutoCloseable {
    private final LineChannel lines;
    private final Path stateDirectory;

    private AdminClient(SocketChannel channel, Path stateDirectory) {
        this.lines = new LineChannel(channel, Messages.MAX_ANSWER_BYTES);
        this.stateDirectory = stateDirectory;
    }

    /** Connects to the server that runs in a state directory; NO_SERVER if none does. */
    public static AdminClient connect(Path stateDirectory) throws CairnException {
        try {
            return new AdminClient(SocketChannel.open(AdminSocket.locate(stateDirectory)), stateDirectory);
        } catch (IOException e) {
            throw new CairnException(
                    ExitCode.NO_SERVER,
                    "no server runs in the state directory " + stateDirectory,
                    "start it with 'cairn serve' or 'cairn up'",
                    e);
        }
    }

    /** Has the server do something, and waits for the end of it. */
    public JsonNode call(String operation, ObjectNode arguments, Progress progress) throws CairnException {
        return call(operation, arguments, progress, part -> {});
    }

    /** The same, of what tells a part of its answer after the other. */
    public JsonNode call(String operation, ObjectNode arguments, Progress progress, PartReader parts)
            throws CairnException {
        try {
            lines.write(Messages.request(operation, arguments));
            while (true) {
                Optional<byte[]> line = lines.read();
                if (line.isEmpty()) {
                    throw gone(operation, null);
                }
                Answer answer = Messages.parseAnswer(line.get());
                if (answer.error().isPresent()) {
                    throw answer.error().get();
                }
                if (answer.result().isPresent()) {
                    return answer.result().get();
                }
                if (answer.part().isPresent()) {
                    parts.take(answer.part().get());
                }
                answer.progress().ifPresent(event -> event.replay(progress));
            }
        } catch (IOException e) {
            throw gone(operation, e);
        }
    }

    /** Takes the parts of an answer, in order. */
    @FunctionalInterface
    public interface PartReader {
        void take(JsonNode part) throws CairnException;
    }

    private CairnException gone(String operation, IOException cause) {
        return new CairnException(
                ExitCode.SERVER_NOT_ANSWERING,
                "the server in " + stateDirectory + " ended while it was asked for '" + operation + "'",
                "its log is in " + stateDirectory.resolve("log"),
                cause);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
