package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.TuningOperations;
import org.cairnfs.server.app.TuningOperations.CompressionInForce;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code cairn compression}: what a server compresses new data with. */
@Command(
        name = "compression",
        description = {
            "Tell what a server compresses new data with or, with an algorithm, say it from now on. What is stored already stays as"
                    + " it is and is read as before. The server forgets it when it ends: compression in the configuration, or what"
                    + " mkfs was told, stays.",
            ""
        },
        footer = {"", "Example:", "  cairn compression zstd-9"})
final class CompressionCommand extends AskCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "ALGORITHM[-LEVEL]",
            description = "zstd-1 to zstd-22, lzma-0 to lzma-9, bzip2-1 to bzip2-9, zlib-1 to zlib-9, lz4 or none.")
    private String spec;

    CompressionCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        if (spec != null) {
            arguments.put(TuningOperations.SPEC, spec);
        }
        return server.ask(session, TuningOperations.COMPRESSION, arguments);
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (!printed) {
            session.out()
                    .println(StateOption.read(answer, CompressionInForce.class).compression());
        }
        return ExitCode.OK;
    }
}
