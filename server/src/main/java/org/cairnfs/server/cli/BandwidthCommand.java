package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.Tuning;
import org.cairnfs.server.app.TuningOperations;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cairn bandwidth}: how fast a server may talk to its object store. */
@Command(
        name = "bandwidth",
        description = {
            "Tell how fast a server may talk to its object store or, with --up or --down, say how fast from now on. The server"
                    + " forgets it when it ends: upload-limit and download-limit in the configuration stay.",
            ""
        },
        footer = {"", "Example:", "  cairn bandwidth --up 2M --down none"})
final class BandwidthCommand extends AskCommand {
    @Option(names = "--up", paramLabel = "RATE", description = "Bytes per second to the store, e.g. 10M; or none.")
    private String up;

    @Option(names = "--down", paramLabel = "RATE", description = "Bytes per second from the store, e.g. 10M; or none.")
    private String down;

    BandwidthCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        if (up != null) {
            arguments.put(TuningOperations.UP, Amounts.rate("--up", up));
        }
        if (down != null) {
            arguments.put(TuningOperations.DOWN, Amounts.rate("--down", down));
        }
        return server.ask(session, TuningOperations.BANDWIDTH, arguments);
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (!printed) {
            Tuning.Bandwidths bandwidths = StateOption.read(answer, Tuning.Bandwidths.class);
            session.out()
                    .println("up: " + Amounts.formatRate(bandwidths.up()) + "; down: "
                            + Amounts.formatRate(bandwidths.down()));
        }
        return ExitCode.OK;
    }
}
