package org.cairnfs.server.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.admin.AdminHandler;

/** What commands may ask of a server about its mount on this machine. */
public final class MountOperations {
    /** Where it is mounted. */
    public static final String MOUNTED = "mounted";

    /** Unmounts. */
    public static final String UNMOUNT = "unmount";

    /** Argument of {@link #UNMOUNT}: whether to take it away from programs that use it. */
    public static final String LAZY = "lazy";

    private final CairnServer server;

    MountOperations(CairnServer server) {
        this.server = server;
    }

    /**
     * Result of {@link #MOUNTED}.
     *
     * @param directory empty for none
     * @param options as {@code -o} of mount(8) would say them
     * @param openFiles files and directories that programs have open through it
     * @param requests of the kernel that were answered
     */
    public record Mounted(String directory, String options, int openFiles, long requests) {
        /** Of a server that has mounted nothing. */
        public static final Mounted NONE = new Mounted("", "", 0, 0);

        static Mounted of(Optional<MountService> mount) {
            return mount.map(known -> new Mounted(
                            known.directory().toString(), known.options(), known.openFiles(), known.requests()))
                    .orElse(NONE);
        }
    }

    /**
     * Result of {@link #UNMOUNT}.
     *
     * @param uploaded whether everything is in the object store
     * @param ended whether the server was there for the mount, and ends next
     * @param pid of the process
     */
    public record Unmounted(boolean uploaded, boolean ended, long pid) {}

    Map<String, AdminHandler> handlers() {
        return Map.of(MOUNTED, (arguments, progress) -> Mounted.of(server.mount()), UNMOUNT, this::unmount);
    }

    private Unmounted unmount(JsonNode arguments, Progress progress) throws CairnException {
        MountService mount = server.mount()
                .orElseThrow(() -> new CairnException(ExitCode.NOT_MOUNTED, "this server has mounted nothing", ""));
        if (arguments.path(LAZY).asBoolean(false)) {
            mount.abandon();
        } else {
            mount.unmount();
        }
        long pid = ProcessHandle.current().pid();
        if (server.endsWithMount()) {
            return new Unmounted(server.stop(server.options().config().stopTimeout(), progress), true, pid);
        }
        server.volume().flush(progress);
        return new Unmounted(true, false, pid);
    }
}
