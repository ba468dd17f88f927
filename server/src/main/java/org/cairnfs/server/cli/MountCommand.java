package org.cairnfs.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.app.MountRequest;
import org.cairnfs.server.app.VolumeFactory.Presence;
import org.cairnfs.server.config.StorageUrls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn mount}: a server that is there for a mount on this machine. */
@Command(
        name = "mount",
        description = {
            "Mount a file system on a directory of this machine, by FUSE (Linux, with libfuse 2).",
            "",
            "Returns when it is mounted; 'cairn umount DIR', or umount(8), ends it. NFS is served beside it on a free"
                    + " port of loopback, unless --port and --listen say where."
        },
        footer = {
            "",
            "Examples:",
            "  cairn mount local:///srv/cairn /mnt/cairn",
            "  cairn mount s3://bucket/music /mnt/music --allow-other"
        })
final class MountCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private ServeOptions options;

    @Mixin
    private MountPointOptions mountPointOptions;

    @Mixin
    private SecretOptions secrets;

    @Option(names = "--foreground", description = "Stay in the foreground until it is unmounted.")
    private boolean foreground;

    @Option(
            names = "--read-only",
            description = "Mount what another server has brought into the storage, and follow it, see 'cairn serve'.")
    private boolean readOnly;

    @Parameters(
            index = "0",
            paramLabel = "STORAGE-URL",
            description = "What to mount: local://PATH or the URL of a bucket.")
    private String url;

    @Parameters(index = "1", paramLabel = "DIR", description = "An empty directory.")
    private String directory;

    MountCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        StorageUrl storage = StorageUrls.parse(url, session.workingDirectory());
        if (readOnly) {
            options.readOnly();
        }
        if (!options.hasPort()) {
            options.presetPort(0);
        }
        if (!foreground) {
            options.inBackground();
        }
        MountRequest wanted = mountPointOptions.request(session, directory, true);
        List<String> arguments =
                new ArrayList<>(List.of("--mountpoint", wanted.directory().toString(), "--ends-with-mount"));
        arguments.addAll(mountPointOptions.childArguments());
        options.mount(wanted, arguments);
        Presence presence = session.components()
                .volumes()
                .probe(storage, options.config(session).credentials(storage));
        Optional<Passphrase> passphrase = ServeCommand.unlock(session, storage, presence, secrets);
        return ServerRun.inForeOrBackground(session, options, storage, passphrase);
    }
}
