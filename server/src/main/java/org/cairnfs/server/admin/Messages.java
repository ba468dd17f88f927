package org.cairnfs.server.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;

/** Makes and reads the lines of the protocol. Immutable; safe for any number of threads. */
public final class Messages {
    /** The version of the protocol that this program speaks. */
    public static final int VERSION = 1;

    /** The longest request in bytes. */
    static final int MAX_REQUEST_BYTES = 64 << 10;

    /** The longest answer in bytes. */
    public static final int MAX_ANSWER_BYTES = 4 << 20;

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(32)
                            .maxDocumentLength(MAX_ANSWER_BYTES)
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Messages() {}

    /** The mapper for what is in results. */
    public static ObjectMapper json() {
        return JSON;
    }

    /** A request, taken apart. */
    record Request(String operation, JsonNode arguments) {}

    /** An answer, of which exactly one member is there. */
    public record Answer(
            Optional<ProgressEvent> progress,
            Optional<JsonNode> part,
            Optional<JsonNode> result,
            Optional<CairnException> error) {
        private static final Answer NONE =
                new Answer(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        private static Answer ofProgress(ProgressEvent event) {
            return new Answer(Optional.of(event), NONE.part, NONE.result, NONE.error);
        }

        private static Answer ofPart(JsonNode part) {
            return new Answer(NONE.progress, Optional.of(part), NONE.result, NONE.error);
        }

        private static Answer ofResult(JsonNode result) {
            return new Answer(NONE.progress, NONE.part, Optional.of(result), NONE.error);
        }

        private static Answer ofError(CairnException error) {
            return new Answer(NONE.progress, NONE.part, NONE.result, Optional.of(error));
        }
    }

    /** One report of {@link Progress}. */
    public record ProgressEvent(String phase, long done, long total, Progress.Unit unit) {
        public void replay(Progress progress) {
            progress.report(phase, done, total, unit);
        }
    }

    static byte[] request(String operation, ObjectNode arguments) {
        ObjectNode message = envelope();
        message.put("op", operation);
        message.set("args", arguments);
        return line(message);
    }

    public static byte[] progress(ProgressEvent event) {
        ObjectNode message = envelope();
        message.set("progress", JSON.valueToTree(event));
        return line(message);
    }

    /** @param part of the answer, before its result; anything that Jackson can write */
    static byte[] part(Object part) {
        ObjectNode message = envelope();
        message.set("part", JSON.valueToTree(part));
        return line(message);
    }

    /** @param result anything that Jackson can write */
    public static byte[] result(Object result) {
        ObjectNode message = envelope();
        message.set("result", JSON.valueToTree(result));
        return line(message);
    }

    public static byte[] error(CairnException failure) {
        ObjectNode message = envelope();
        ObjectNode error = message.putObject("error");
        error.put("exit", failure.exitCode().number());
        error.put("message", failure.getMessage());
        error.put("advice", failure.advice());
        return line(message);
    }

    /**
     * @throws CairnException SERVER_NOT_ANSWERING with a reason, for the error answer, when the line is no request
     */
    static Request parseRequest(byte[] line) throws CairnException {
        JsonNode message = parse(line);
        JsonNode operation = message.path("op");
        if (!operation.isTextual()) {
            throw bad("a request has no \"op\"");
        }
        JsonNode arguments = message.path("args");
        return new Request(operation.textValue(), arguments.isObject() ? arguments : JSON.createObjectNode());
    }

    /** @throws CairnException SERVER_NOT_ANSWERING when the line is no answer */
    public static Answer parseAnswer(byte[] line) throws CairnException {
        JsonNode message = parse(line);
        try {
            if (message.has("progress")) {
                ProgressEvent event = JSON.treeToValue(message.get("progress"), ProgressEvent.class);
                return Answer.ofProgress(event);
            }
        } catch (JsonProcessingException e) {
            throw bad("a progress message is malformed");
        }
        if (message.has("part")) {
            return Answer.ofPart(message.get("part"));
        }
        if (message.has("result")) {
            return Answer.ofResult(message.get("result"));
        }
        JsonNode error = message.path("error");
        if (!error.isObject()) {
            throw bad("an answer is neither progress nor part nor result nor error");
        }
        return Answer.ofError(new CairnException(
                ExitCode.ofNumber(error.path("exit").asInt(ExitCode.INTERNAL.number())),
                error.path("message").asText("the server failed without saying why"),
                error.path("advice").asText("")));
    }

    private static JsonNode parse(byte[] line) throws CairnException {
        JsonNode message;
        try {
            message = JSON.readTree(new String(line, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw bad("a message is not JSON");
        }
        if (message == null || !message.isObject()) {
            throw bad("a message is no JSON object");
        }
        JsonNode version = message.path("cairn");
        if (!version.isInt() || version.intValue() != VERSION) {
            throw new CairnException(
                    ExitCode.SERVER_NOT_ANSWERING,
                    "a message has protocol version " + version.asText("(none)") + ", but this program speaks "
                            + VERSION,
                    "use the cairn command of the version that runs the server");
        }
        return message;
    }

    private static CairnException bad(String what) {
        return new CairnException(
                ExitCode.SERVER_NOT_ANSWERING, what + ", in the admin protocol version " + VERSION, "");
    }

    private static ObjectNode envelope() {
        return JsonNodeFactory.instance.objectNode().put("cairn", VERSION);
    }

    private static byte[] line(ObjectNode message) {
        return (message + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
