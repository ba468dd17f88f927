package org.cairnfs.server.cli;

import org.cairnfs.server.app.Wiring;

/** Where the program begins. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(CairnCommand.run(Session.ofProcess(Wiring.components(), Main.class), arguments));
    }
}
