package org.cairnfs.server.app;

/** The one place that knows which classes a server is made of. */
public final class Wiring {
    private Wiring() {}

    /** The components of this build. */
    public static Components components() {
        return new Components(new EngineVolumes(), NfsServer::start);
    }
}
