package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.AdminOperations;
import org.cairnfs.server.app.AdminOperations.ExportLine;
import org.cairnfs.server.app.AdminOperations.Exported;
import org.cairnfs.server.exports.Exports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cairn exports}: who may mount what. */
@Command(
        name = "exports",
        description = {
            "Tell who may mount what from a server, with every option spelled out, or, with --check, what an exports file would say. It"
                    + " changes nothing; cairn reload takes a changed file over.",
            ""
        },
        footer = {"", "Example:", "  cairn exports --check exports.new && mv exports.new exports && cairn reload"})
final class ExportsCommand extends AskCommand {
    @Option(
            names = "--check",
            paramLabel = "FILE",
            description =
                    "Read this exports file, and ask no server. Its first error, if it has one, ends this with exit code 3.")
    private Path file;

    ExportsCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        if (file == null) {
            return server.ask(session, AdminOperations.EXPORTS);
        }
        Exports read = Exports.of(Optional.of(session.workingDirectory().resolve(file)));
        List<ExportLine> lines = read.get().exports().stream()
                .map(export -> ExportLine.of(export, true))
                .toList();
        return Output.tree(new Exported(lines));
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (!printed) {
            StateOption.read(answer, Exported.class)
                    .exports()
                    .forEach(export -> session.out()
                            .println(export.text() + (export.found() ? "" : "  # there is no such directory now")));
        }
        return ExitCode.OK;
    }
}
