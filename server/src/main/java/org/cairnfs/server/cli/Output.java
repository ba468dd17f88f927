package org.cairnfs.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import org.cairnfs.server.admin.Messages;

/** Results as JSON, for scripts. */
final class Output {
    private Output() {}

    /** As an answer of a server would be. */
    static JsonNode tree(Object value) {
        return Messages.json().valueToTree(value);
    }

    /** Over several lines. */
    static String pretty(Object value) {
        return write(Messages.json().writer(SerializationFeature.INDENT_OUTPUT), value);
    }

    /** In one line. */
    static String line(Object value) {
        return write(Messages.json().writer(), value);
    }

    private static String write(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result cannot be written as JSON", e);
        }
    }
}
