package org.cairnfs.server.testing;

import org.cairnfs.server.app.Components;

/** A server without file system and NFS, for the tests of what is around them. */
public final class FakeComponents {
    private FakeComponents() {}

    public static Components create() {
        return new Components(new FakeVolumes(), FakeNfs::start);
    }
}
