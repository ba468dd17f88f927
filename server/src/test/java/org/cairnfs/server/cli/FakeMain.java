package org.cairnfs.server.cli;

import org.cairnfs.server.testing.FakeComponents;

/** The real command line over a file system that is none. */
public final class FakeMain {
    private FakeMain() {}

    public static void main(String[] arguments) {
        System.exit(CairnCommand.run(Session.ofProcess(FakeComponents.create(), FakeMain.class), arguments));
    }
}
