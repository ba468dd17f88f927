package org.cairnfs.server.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
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
     * @param openFiles files and directories that programs have open through it
     */
    public record Mounted(String directory, int openFiles) {}

    /**
     * Result of {@link #UNMOUNT}.
     *
     * @param uploaded whether everything is in the object store
     * @param ended whether the server was there for the mount, and ends next
     * @param pid of the process
     */
    public record Unmounted(boolean uploaded, boolean ended, long pid) {}

    Map<String, AdminHandler> handlers() {
        return Map.of(
                MOUNTED,
                (arguments, progress) -> server.mount()
                        .map(mount -> new Mounted(mount.directory().toString(), mount.openFiles()))
                        .orElse(new Mounted("", 0)),
                UNMOUNT,
                this::unmount);
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
