package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.admin.AdminClient;
import org.cairnfs.server.admin.RunRegistry;
import org.cairnfs.server.app.LocalMount;
import org.cairnfs.server.app.MountOperations;
import org.cairnfs.server.app.MountOperations.Mounted;
import org.cairnfs.server.app.MountOperations.Unmounted;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn umount}: ends a mount on this machine, and waits until all that was written there is in the store. */
@Command(
        name = "umount",
        description = {
            "Unmount a file system from a directory of this machine; return when everything is uploaded.",
            "",
            "A server of 'cairn mount' ends with it; one of 'cairn serve --mountpoint' goes on to serve NFS. What the"
                    + " server of which is dead is only unmounted: the next start goes on from its journal."
        })
final class UmountCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--lazy", description = "Take it away from programs that still use it; they get errors.")
    private boolean lazy;

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Parameters(paramLabel = "DIR", description = "Where it is mounted.")
    private String directory;

    UmountCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        Path mountPoint = MountPointOptions.real(session, directory);
        for (RunRegistry.Entry server : new RunRegistry(session.directories().runs()).running()) {
            Optional<Unmounted> unmounted = unmount(Path.of(server.state()), mountPoint);
            if (unmounted.isPresent()) {
                return finish(unmounted.get()).number();
            }
        }
        LocalMount.unmountDead(mountPoint, lazy);
        session.say("unmounted; its server was dead, or is another user's");
        return ExitCode.OK.number();
    }

    /** Has a server unmount, if it has mounted there. */
    private Optional<Unmounted> unmount(Path state, Path mountPoint) throws CairnException {
        try (AdminClient client = AdminClient.connect(state);
                ProgressDisplay progress = new ProgressDisplay(session)) {
            JsonNode told = client.call(MountOperations.MOUNTED, JsonNodeFactory.instance.objectNode(), Progress.NONE);
            if (!StateOption.read(told, Mounted.class).directory().equals(mountPoint.toString())) {
                return Optional.empty();
            }
            ObjectNode arguments = JsonNodeFactory.instance.objectNode().put(MountOperations.LAZY, lazy);
            return Optional.of(
                    StateOption.read(client.call(MountOperations.UNMOUNT, arguments, progress), Unmounted.class));
        } catch (IOException e) {
            throw new CairnException(ExitCode.SERVER_NOT_ANSWERING, "the connection to the server broke", "", e);
        }
    }

    private ExitCode finish(Unmounted unmounted) throws CairnException {
        if (unmounted.ended()) {
            StopCommand.awaitProcess(unmounted.pid());
        }
        if (json) {
            session.out().println(Output.line(unmounted));
        }
        if (!unmounted.uploaded()) {
            session.say("unmounted, but not everything is in the object store yet; the next start uploads it");
            return ExitCode.NOT_UPLOADED;
        }
        if (!json) {
            session.out().println("Unmounted; everything is in the object store.");
        }
        return ExitCode.OK;
    }
}
