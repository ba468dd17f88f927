package org.cairnfs.server.app;

import org.cairnfs.core.crypto.CipherWarmUp;

/** The one place that knows which classes a server is made of. */
public final class Wiring {
    private Wiring() {}

    /** The components of this build. */
    public static Components components() {
        return new Components(new EngineVolumes(CipherWarmUp::start), NfsServer::start, LocalMount::start);
    }
}
