package org.cairnfs.server.nfs.state;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;

/** An open owner: for a Linux client, a user. Guarded by the state lock. */
final class OpenOwner extends StateOwner {
    private final Map<FileHandle, OpenState> opens = new HashMap<>();
    private boolean confirmed;
    private Optional<OpenState> lastClosed = Optional.empty();

    OpenOwner(ClientEntry client, Bytes name, long now) {
        super(client, name, now);
        this.confirmed = client.minorVersion() > 0;
    }

    /** Its opens by file. */
    Map<FileHandle, OpenState> opens() {
        return opens;
    }

    /** Whether a 4.0 client has shown, by OPEN_CONFIRM or a reclaim, that its OPEN was no stray resend. */
    boolean isConfirmed() {
        return confirmed;
    }

    void confirm() {
        confirmed = true;
    }

    /** The state of its last CLOSE, of 4.0, until its next operation. */
    Optional<OpenState> lastClosed() {
        return lastClosed;
    }

    void setLastClosed(Optional<OpenState> state) {
        lastClosed = state;
    }

    @Override
    boolean isUsed() {
        return !opens.isEmpty();
    }
}
