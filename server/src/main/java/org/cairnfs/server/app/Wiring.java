package org.cairnfs.server.app;

import java.util.Optional;

/** The one place that knows which classes a server is made of. */
public final class Wiring {
    private Wiring() {}

    /** The components of this build; empty while the engine is not part of it. */
    public static Optional<Components> components() {
        return Optional.empty();
    }
}
